package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method while it holds its keys exclusively, among all threads of all JVMs that share one Redis and one
 * {@code floodlock.namespace}.
 *
 * <p>The keys of all lock annotations on a method are acquired in one fixed order before the body starts, and
 * released when the body ends, with or without an exception. A key that the same scope already holds is re-entered.
 * An exclusive key excludes {@link SharedLock} holders of that key too: both annotations use the same lock.
 *
 * <p><b>Where the guarantee ends.</b> The lock is a lease that this JVM renews. If the JVM can't renew it in time
 * (Redis is unavailable for longer than the lease, or the process is stopped), or if {@link #maxHold} has passed,
 * another JVM may acquire the lock while this method still runs. The scope is then <em>lost</em>: commits of JDBC
 * transactions in it are vetoed, and the call throws {@link LockLostException} even if the body returned. Effects of
 * the body outside a database are not undone, and a commit that was already under way when the lease ended has an
 * unknown outcome. {@link #fenced} closes this gap for writes to a database.
 *
 * <p><b>Results that complete after the method has returned.</b> If the work continues after the method has returned,
 * the keys are acquired once and held until that work has ended. The caller's thread does not wait for the keys: the
 * body is postponed until they are held.
 *
 * <ul>
 *   <li>{@code CompletionStage}, {@code CompletableFuture}: the keys are held until the stage completes, fails or is
 *       cancelled. The body runs on the calling thread if the keys are free for this JVM, otherwise on a thread of
 *       the agent. The method returns a separate stage, which completes after the keys are released. Every exception
 *       is reported through that stage. If the caller cancels it or completes it, the scope ends and the body's stage
 *       is cancelled.
 *   <li>{@code Flow.Publisher}, {@code org.reactivestreams.Publisher}, Reactor's {@code Mono} and {@code Flux},
 *       RxJava 3's five types: each subscription acquires the keys anew, before the body, which runs once per
 *       subscription, and holds them until completion, error or cancellation. A single value is passed on after the
 *       keys are released.
 *   <li>Kotlin functions that suspend: the keys are held until the function has its result. If the coroutine is
 *       cancelled, it stops waiting for the keys.
 * </ul>
 *
 * A held key is re-entered in three places: in callbacks that the method's own class passes to such a stage or type,
 * in publishers that are subscribed to within its Reactor context, and in its coroutine context. Everywhere else, as
 * in a task passed to an executor, the key is requested anew. A body that had to wait runs with its caller's context
 * class loader, SLF4J MDC, Spring Security context and OpenTelemetry context, and with the values that Micrometer's
 * context-propagation knows, if the application has these libraries. Other thread-locals are not passed on. At most
 * four such bodies run at the same time per processor, and at least eight in total; a body that runs for longer than
 * 250 ms is no longer counted. {@link LockLostException} is reported as the failure of the result. Set
 * {@link #maxHold} if a result may never complete. {@code Future} and other types whose end can't be observed are
 * refused while the class loads.
 *
 * <p>Private, final and static methods and self-calls are covered.
 *
 * <p><b>Transactions of the application</b>, by Spring, by Jakarta or by plain JDBC, never commit after the keys are
 * free. If the method's own {@code @Transactional} begins a transaction, in whatever way it is declared, the keys are
 * acquired before the transaction begins. If a transaction is already open when the method is called, or still open
 * when the method returns, the keys stay held until that transaction has ended: calls in it re-enter the keys, and
 * {@link LockLostException} refuses its commit once the keys are lost. In a transaction that was open before the
 * call, reads at the isolation level {@code REPEATABLE READ} or stricter may show data from before the lock. A method
 * whose work continues after it has returned must not be transactional; it is refused. If several transaction
 * managers have nested transactions open, the keys stay held until the last of these transactions has ended, because
 * each of them may write at its commit what was changed under the keys. A transaction that is suspended when the
 * method is called, by {@code REQUIRES_NEW} or {@code NOT_SUPPORTED}, does not keep the keys.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Repeatable(PessimisticLocks.class)
public @interface PessimisticLock {

    /**
     * The keys: literal text with {@code {path}}, as {@code "order:{order.id}"}. A path starts at a parameter, by
     * name or index ({@code {0.id}}), or at {@code {this}}, and continues through record components, getters, fields,
     * map keys and list indices. Spring's notation is accepted if it has the same meaning, as
     * {@code 'order:' + #order.id}.
     *
     * <p>{@code {items[*].sku}} stands for one key per element of a collection or an array, at most 1,000 per call;
     * duplicates are acquired once. An empty collection adds no key. A call that yields no key at all throws
     * {@link InvalidKeyException}, because its body would run without a lock. A null element is refused; the message
     * contains its index.
     *
     * <p>The values are strings (compared in NFC), integers, {@code BigDecimal} (1.0 equals 1.00), enums,
     * {@code UUID}, {@code Boolean}, {@code Character}, the types of {@code java.time} and {@link KeyText}. All other
     * types are refused: while the class loads if the declared types show it, otherwise when the call builds its key.
     */
    String[] key();

    /**
     * Longest time to wait until all keys are held, as {@code "10s"}, {@code "250ms"} or {@code "1m30s"}; {@code "0"}
     * refuses at once if another holder has one of them. After that time no key stays held, and the call throws
     * {@link LockTimeoutException} without running the body. However short this time is, the call waits for Redis's
     * reply: up to three seconds, or five for the first connection. Then it throws
     * {@link FloodlockUnavailableException}.
     */
    String waitTime() default "10s";

    /**
     * The behavior of the call if a key isn't free within {@link #waitTime}. {@link OnBusy#SKIP} returns without
     * running the body and without an exception; the result type must be {@code void} or {@code Optional}. For a job
     * that only one node at a time may run, use {@code waitTime = "0", onBusy = SKIP}. If several annotations of a
     * method set this attribute, they must agree; it then applies to all keys.
     */
    OnBusy onBusy() default OnBusy.THROW;

    /**
     * Longest time that the keys may be held, as {@code "30s"}, counted from the moment when the last of them was
     * acquired; must be greater than 0. The default {@code ""} means as long as the body runs. The lease is no such
     * limit: a body that hangs in a healthy JVM holds its keys forever.
     *
     * <p>After this time the keys are released while the body still runs, and the scope is lost: a warning names the
     * keys and the method, commits are vetoed, and the call throws {@link LockLostException} once the body returns.
     * The body is not interrupted. Its later effects outside a database happen while the next holder may have the
     * keys. A key that an outer scope already holds is released by that outer scope, not by this one.
     */
    String maxHold() default "";

    /**
     * Shortest time that the keys stay taken, as {@code "1m"}, counted from the moment when the last of them was
     * acquired; must be greater than 0. The default {@code ""} means until the body has ended. A scheduled job that
     * takes less time than its nodes' clocks differ by would run once on each node. A {@code minHold} longer than
     * that difference prevents this.
     *
     * <p>The call itself returns when its body has ended, with or without an exception. The keys stay taken for all
     * callers, other threads of this JVM and the same thread included, until the time has passed by Redis's clock.
     * This is recorded in Redis before the body runs, so it outlasts the end of the JVM by {@code System.exit},
     * SIGTERM or {@code kill -9}. The keys of {@link SharedLock} are not kept. A key that an outer scope holds is
     * also kept for this time, and can be re-entered as long as that scope, or a transaction that keeps the key, is
     * open.
     *
     * <p><b>Where this ends.</b> With Redis's data: if Redis is emptied, or fails over to a replica without the
     * record, the keys are free. If Redis doesn't answer, the body does not run and
     * {@link FloodlockUnavailableException} is thrown; even then the keys may stay taken for this time. The value may
     * not be longer than {@link #maxHold}.
     */
    String minHold() default "";

    /**
     * Whether the databases that the method uses compare holders, so that a holder whose lock has passed to another
     * holder can't commit there any more: not after a pause of any length, not if Redis was restarted empty, and not
     * if Redis failed over to a replica that had missed the lock. If several annotations of a method differ,
     * {@code true} applies to all their keys.
     *
     * <p>Before the first statement of each JDBC transaction in the method, the agent writes the key with a fencing
     * token into the table {@code floodlock_fence} of that database, over the same connection. The row stays locked
     * until the transaction ends. The first statement of a later holder therefore waits for an open transaction of an
     * earlier holder, at most for the rest of {@link #waitTime}, and then sees its result. A holder that is too late
     * is rolled back with {@link StaleLockException}; a holder that waited too long, with
     * {@link LockTimeoutException}. A {@code REPEATABLE READ} transaction that has read before the method was called
     * is refused with {@link StaleSnapshotException}, because it would continue to read old data. A statement in
     * autocommit mode is run in a separate transaction. {@code COMMIT} and similar statements as SQL text are
     * refused. The cost is one round trip per transaction.
     *
     * <p><b>Where this ends.</b> After a pause of seven days: by then rows may have been deleted, and every claim is
     * refused. Only PostgreSQL and MariaDB are supported, over connections that a {@code javax.sql.DataSource} has
     * returned; another database is refused in such a method. Not fenced are connections of {@code DriverManager},
     * drivers' own interfaces behind {@code unwrap} in autocommit mode, R2DBC, HTTP, messages, files and Redis. Pass
     * {@link Floodlock#fencingToken()} to such a system and let it compare. The database orders only holders that
     * claim: a writer of the same rows without a fenced method on the same key is not detected.
     */
    boolean fenced() default false;
}
