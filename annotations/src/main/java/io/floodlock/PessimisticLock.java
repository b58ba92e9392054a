package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method while holding its keys exclusively, among all threads of all JVMs that share one Redis and one
 * {@code floodlock.namespace}.
 *
 * <p>All keys of all lock annotations on a method are taken in one fixed order before the body starts and given back when
 * it ends, however it ends. A key that the same scope already holds is re-entered. An exclusive key excludes
 * {@link SharedLock} holders of that key too: both are one structure.
 *
 * <p><b>Where the guarantee ends.</b> The lock is a lease that this JVM renews. If the JVM can't renew it in time (Redis
 * gone for longer than the lease, the process stopped), or its {@link #maxHold} has passed, another JVM may take it while
 * this method still runs. Then the scope is <em>lost</em>: commits of JDBC transactions in it are vetoed and the call throws
 * {@link LockLostException} even where the body returned. What the body did outside a database by then is not undone, and a commit already under way when
 * the lease ended has an unknown outcome. {@link #fenced} closes that gap for what is written to a database.
 *
 * <p><b>Where the work goes on after the method has returned</b>, the keys are held until it has ended, once, and are not
 * waited for on the caller's thread: the body is put off until they are held.
 *
 * <ul>
 *   <li>{@code CompletionStage}, {@code CompletableFuture}: until the stage completes, fails or is cancelled. The body runs
 *       on the calling thread if the keys are free for this JVM, else on a thread of the agent. The method returns a stage of
 *       its own, which completes after the keys are given back; whatever is thrown comes through it. Cancelling it, or
 *       completing it from outside, ends the scope and cancels the body's stage.
 *   <li>{@code Flow.Publisher}, {@code org.reactivestreams.Publisher}, Reactor's {@code Mono} and {@code Flux}, RxJava 3's
 *       five types: for each subscription anew, from before the body, which runs once for each, until completion, error or
 *       cancellation. A single value is passed on after the keys are given back.
 *   <li>Kotlin functions that suspend: until the function has its result. Cancelling the coroutine calls off the wait.
 * </ul>
 *
 * A key that is held is re-entered in callbacks that the method's own class hands to such a stage or type, in what is
 * subscribed to within its Reactor context, and in its coroutine context; anywhere else, as in a task given to an executor, it
 * is asked for anew. A body that had to wait runs with its caller's context class loader, SLF4J MDC, Spring Security context and
 * OpenTelemetry context, and with what Micrometer's context-propagation knows, where the application has these libraries; with no
 * other thread-local. At most four such bodies run at once for each processor, and at least eight; one that runs for longer than
 * 250 ms doesn't count. {@link LockLostException} comes as the result's failure. Set {@link #maxHold} where a result may never
 * come. {@code Future} and other types that don't tell of their end are refused while the class loads.
 *
 * <p>Private, final and static methods and self-calls are covered.
 *
 * <p>Transactions of the application's own, by Spring, by Jakarta or by plain JDBC, never commit after the keys are free. Where
 * the method's own {@code @Transactional} begins one, however that is declared, the keys are taken before it begins. Where one
 * is open already as the method is called, or still open as it returns, the keys stay held until it has ended: calls in it
 * re-enter them, and {@link LockLostException} refuses its commit once they are lost. In a transaction that was open before,
 * reads at an isolation of {@code REPEATABLE READ} or stricter may show what was there before the lock. A method whose work
 * goes on after it has returned must not be transactional; it is refused. Where several are open inside each other, by several
 * transaction managers, the keys stay held until the last of them has ended, as any may write at its commit what was changed
 * under them; but one that is set aside as the method is called, by {@code REQUIRES_NEW} or {@code NOT_SUPPORTED}, keeps none.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Repeatable(PessimisticLocks.class)
public @interface PessimisticLock {

    /**
     * The keys: literal text with {@code {path}}, as {@code "order:{order.id}"}. A path starts at a parameter, by name or
     * index ({@code {0.id}}), or at {@code {this}}, and walks record components, getters, fields, map keys and list indices.
     * Spring's spelling is accepted where it means the same, as {@code 'order:' + #order.id}.
     *
     * <p>{@code {items[*].sku}} stands for one key per element of a collection or an array, at most 1,000 a call; duplicates
     * are taken once. An empty collection adds no key, and a call whose keys come to none throws {@link InvalidKeyException}:
     * its body would run without a lock. A null element is refused with its index.
     *
     * <p>The values are texts (compared in NFC), integers, {@code BigDecimal} (1.0 is 1.00), enums, {@code UUID},
     * {@code Boolean}, {@code Character}, the types of {@code java.time} and {@link KeyText}. All others are refused: while the
     * class loads where the declared types tell, else with the value.
     */
    String[] key();

    /**
     * How long to wait until all keys are held, as {@code "10s"}, {@code "250ms"} or {@code "1m30s"}; {@code "0"} refuses
     * at once when somebody else holds one. After that time nothing stays held and the call throws
     * {@link LockTimeoutException} without running the body. Redis's own answer is awaited however short the time: up to
     * three seconds, five for the first connection; then the call throws {@link FloodlockUnavailableException}.
     */
    String waitTime() default "10s";

    /**
     * What happens where a key isn't free within {@link #waitTime}: {@link OnBusy#SKIP} returns without running the
     * body and without an exception, for {@code void} and {@code Optional} results. A job that one node at a time is
     * to run says {@code waitTime = "0", onBusy = SKIP}. Where annotations of a method give it, they must agree, and
     * it counts for all keys.
     */
    OnBusy onBusy() default OnBusy.THROW;

    /**
     * How long the keys may be held, as {@code "30s"}, counted from when the last of them was taken; more than 0, and
     * {@code ""} means as long as the body runs. The lease alone is no such limit: a body that hangs in a healthy JVM holds
     * its keys for ever.
     *
     * <p>Past this time the keys are given back while the body still runs, and the scope is lost: a warning names keys and
     * method, commits are vetoed, and the call throws {@link LockLostException} once the body returns. The body is not
     * interrupted. What it does outside a database from then on is done beside the next holder. A key that an outer scope
     * holds already is that scope's to give back, not this one's.
     */
    String maxHold() default "";

    /**
     * How long the keys stay taken at least, as {@code "1m"}, counted from when the last of them was taken; more than
     * 0, and {@code ""} means until the body has ended. A scheduled job that is done in less time than the clocks of
     * its nodes differ by would run once on each node; with a {@code minHold} longer than that difference it doesn't.
     *
     * <p>The call itself returns when its body has ended, however it ended. The keys stay taken for everybody, other
     * threads of this JVM and the same thread included, until the time has passed by Redis's clock. That is recorded
     * in Redis before the body runs, so it holds past the end of the JVM, by {@code System.exit}, SIGTERM or {@code
     * kill -9}. Of several keys those of {@link SharedLock} are not kept. A key that an outer scope holds is kept for
     * this time too, and can be re-entered as long as that scope, or a transaction that keeps the key, is open.
     *
     * <p><b>Where this ends.</b> With Redis's data: a Redis that is emptied, or fails over to a replica without the
     * record, frees the keys. Where Redis doesn't answer, the body does not run and {@link
     * FloodlockUnavailableException} is thrown; the keys may then stay taken for this time all the same. It may not be
     * longer than {@link #maxHold}.
     */
    String minHold() default "";

    /**
     * Whether the databases that the method works on learn which holder it is, so that a holder whose lock has passed to
     * another can commit nothing there any more: not after a pause of any length, not with Redis restarted empty or failed
     * over to a replica that had missed the lock. Where several annotations of a method differ, {@code true} counts for all
     * their keys.
     *
     * <p>Before the first statement of each JDBC transaction in the method, the agent writes the key with a fencing token into
     * the table {@code floodlock_fence} of that database, over the same connection. The row stays locked until the
     * transaction ends: a later holder's first statement waits for an earlier one's open transaction, at most for what is left
     * of {@link #waitTime}, and then sees its result. A holder that comes too late is rolled back with
     * {@link StaleLockException}, one that waited too long with {@link LockTimeoutException}. A {@code REPEATABLE READ} transaction that has read before the method was called is refused
     * with {@link StaleSnapshotException}, as it would go on reading old data. A
     * statement in autocommit mode gets a transaction of its own. {@code COMMIT} and the like as SQL text are refused. It costs
     * one round trip per transaction.
     *
     * <p><b>Where this ends.</b> At a stop of seven days, after which rows may have been deleted and every claim is refused.
     * PostgreSQL and MariaDB, over connections that a {@code javax.sql.DataSource} has handed out;
     * another database is refused in such a method. Not fenced: connections of {@code DriverManager}, drivers' own interfaces
     * behind {@code unwrap} in autocommit mode, R2DBC, HTTP, messages, files, Redis. Give those {@link Floodlock#fencingToken()}
     * to compare. And it orders those who claim: whoever writes the same rows without a fenced method on the same key isn't seen.
     */
    boolean fenced() default false;
}
