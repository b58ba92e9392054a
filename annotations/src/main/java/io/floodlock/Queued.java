package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Turns a call into a durable message and returns once Redis has accepted it. A consumer in any JVM with the agent
 * runs the body.
 *
 * <p>The method returns {@code void}, {@link java.util.concurrent.CompletionStage} or
 * {@link java.util.concurrent.CompletableFuture}. The future completes with the body's result or exception, whichever
 * JVM ran it, or with {@link DeadLetterException}. Arguments are encoded when the call is made; a later change to
 * them has no effect.
 *
 * <p>Calls with the same {@link #key()} run one at a time, in the order in which Redis accepted them; calls with
 * other keys run in parallel. A body that throws is run again, up to {@link #attempts()} times. Meanwhile later calls
 * of its key wait, and calls of other keys continue. After the last attempt the call moves to the dead letters with
 * its cause.
 *
 * <p><b>Where the guarantee ends.</b> A call is <em>safe</em> once Redis has replied, which is when it returns unless
 * {@link #confirm()} says otherwise. With {@code appendfsync always}
 * the call is then on disk. With {@code everysec}, up to about two seconds of calls may be lost if Redis itself is
 * killed, and an asynchronous replica may lose more when it is promoted. The body runs <em>at least</em> once: if a
 * consumer is killed or loses its lane after the body took effect and before its progress is stored, the call is run
 * again. If no reply arrives in time, the call throws {@link EnqueueUnknownException}: it may still run.
 *
 * <p><b>Exactly once.</b> On a method that also carries {@link DistributedTx}, the body's work in databases is done
 * exactly once: its transaction records the call, and a call that is recorded is not run again; its first result is
 * sent. An exception that commits is such a result. The body then returns {@code void} or a future that is complete.
 * Other effects of the body, such as mails, still happen at least once.
 *
 * <p><b>Inside a transaction.</b> A call that is made inside a {@link DistributedTx} method, a Spring transaction or a
 * plain JDBC transaction on PostgreSQL is stored if and only if that transaction commits. It returns at once, and the
 * calls of a key run in the order of commits. A call is stored at once inside a transaction that the agent does not see
 * on a connection: of JTA, begun by SQL text, or with no connection yet; and inside one on another product.
 *
 * <p><b>Which object runs the body.</b> A static method needs none. Else it is the bean of Spring or CDI, through its
 * proxy, or the only live object of the class. A call does not tell on which of several objects it was made: with
 * several, or none, its key waits, and the log says why. A queue is asynchronous by itself; interceptors that run the
 * method later on another thread, such as {@code @Async}, are not needed around it.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface Queued {

    /**
     * The name of the queue; by default the name of the declaring class. Several methods may share a queue; the order
     * of a key then spans them.
     */
    String queue() default "";

    /**
     * The name of the message in Redis, unique within its queue; by default the method's name. With an explicit name,
     * the method can be renamed while calls are stored.
     */
    String name() default "";

    /**
     * The key whose calls run in order, written as {@link PessimisticLock#key()} but without {@code [*]}. The default
     * is no key: calls run in parallel, in no order.
     */
    String key() default "";

    /**
     * The number of unfinished calls that the queue may hold, at least 1. Each producing JVM may exceed it by one
     * flush.
     */
    int capacity() default 100_000;

    /** The behavior of a call when the queue holds {@link #capacity()} calls. */
    WhenFull whenFull() default WhenFull.BLOCK;

    /** When a call returns. Calls made in a transaction return at once in any case. */
    Confirm confirm() default Confirm.ACCEPTED;

    /** The replicas that must have a call, 1 to 16; only with {@link Confirm#REPLICATED}. */
    int replicas() default 1;

    /**
     * What calls that repeat each other have in common, written as {@link #key()}: {@code "{request.id}"}. A call is
     * not stored if one of the same queue, {@link #key()} and {@code dedup} was stored within {@link #dedupWindow()};
     * it returns as if it were. That counts from the first one on, whatever became of it: it may run still, have run,
     * or be a dead letter. Only for a method that returns {@code void}. The window is forgotten with Redis's data, and
     * when the queue gets another number of lanes.
     */
    String dedup() default "";

    /** How long {@link #dedup()} is remembered, up to {@code "7d"}; each takes about 200 bytes in Redis. */
    String dedupWindow() default "10m";

    /**
     * The time from a call until its body may run, as {@code "30s"}; by default it runs at once. Not with a {@link
     * #key()}. It is counted by the wall clocks of the two JVMs.
     */
    String delay() default "0";

    /** Longest time that a call waits for room and for Redis's reply, as {@code "10s"}. */
    String waitTime() default "10s";

    /**
     * The number of times that a failing body is run before the call becomes a dead letter, the first run included; at
     * least 1. With the default of {@link #backoff()} the pauses add up to at least two minutes: a database that fails
     * over in that time costs no call. A call that has killed its JVM is dead after five such deaths at the latest.
     */
    int attempts() default 14;

    /** The first and the longest pause between two attempts. The pause doubles from one to the other, with jitter. */
    String backoff() default "100ms..1m";

    /** Exceptions of the body, subclasses included, that make the call a dead letter at once. */
    Class<? extends Throwable>[] noRetryFor() default {};

    /**
     * Time after which a running body is interrupted and its attempt counts as failed, longer than 0; {@code ""} means
     * no limit. If the body has returned a future or stage by then, it is cancelled and a later completion is ignored;
     * what it still does may overlap the next attempt.
     */
    String timeout() default "";

    /**
     * The number of bodies of this queue that one JVM runs at the same time, at least 1. Without virtual threads,
     * before JDK 21, it also bounds the continuations of the queue's futures: as many run at the same time, and eight
     * times as many while some block.
     */
    int workers() default 16;

    /**
     * The method of this class that runs several stored calls together; by default each call runs by itself. With it,
     * stored calls run only there, also a single one; the body of the annotated method is for {@code
     * floodlock.queue.mode=inline}.
     *
     * <p>It takes a {@code List}: of the parameter's type, or of a record whose components are the parameters. It
     * returns nothing, or a {@code List} with a result for each call, in their order, which the futures of the calls
     * receive. A batch has up to {@link #batchSize()} calls that wait at that time, those of a key in their order.
     *
     * <p>With {@link DistributedTx} on the annotated method, a batch is one transaction. If it rolls back, its halves
     * run, down to the call that fails: only that one counts a failed attempt and delays its key. Without it, the calls
     * of a batch that fails run again one by one.
     */
    String batch() default "";

    /** The most calls of one batch, 1 to 1,000. */
    int batchSize() default 100;
}
