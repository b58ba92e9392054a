package io.floodlock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Turns a call into a durable message and returns once Redis has accepted it; a consumer in any JVM with the agent runs the
 * body.
 *
 * <p>The method returns {@code void}, or {@link java.util.concurrent.CompletionStage} or
 * {@link java.util.concurrent.CompletableFuture}, which ends with the body's result or exception, from whichever JVM ran
 * it, or with {@link DeadLetterException}. Arguments are encoded when the call is made; changing them later has no effect.
 *
 * <p>Calls of one {@link #key()} run in the order in which Redis accepted them, one at a time; other keys run beside them. A
 * body that throws is run again, up to {@link #attempts()} times, while later calls of its key wait and other keys go on;
 * then the call moves to the dead letters with its cause.
 *
 * <p><b>Where the guarantee ends.</b> <em>Safe</em> means that Redis has replied: with {@code appendfsync always} the call is
 * on disk, with {@code everysec} up to about two seconds of calls may be lost if Redis itself is killed, and an asynchronous
 * replica may lose more when it is promoted. The body runs <em>at least</em> once: a consumer that is killed, or loses its
 * lane, after the body's effects and before its progress is stored, leaves the call to be run again. When no reply arrives
 * in time the call throws {@link EnqueueUnknownException}: it may still run.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface Queued {

    /** The queue; by default the name of the declaring class. Several methods may share a queue: key order spans them. */
    String queue() default "";

    /**
     * The message's name on the wire, unique within its queue; by default the method's name. Naming it explicitly lets the
     * method be renamed while calls are stored.
     */
    String name() default "";

    /**
     * The key whose calls run in order, written as {@link PessimisticLock#key()} but without {@code [*]}. By default there is
     * none: calls run in parallel, in no order.
     */
    String key() default "";

    /** Unfinished calls that the queue may hold, at least 1; an overshoot of one flush per producing JVM is possible. */
    int capacity() default 100_000;

    /** What a call does when the queue holds {@link #capacity()} calls. */
    WhenFull whenFull() default WhenFull.BLOCK;

    /** How long a call may wait for room and for Redis's reply, as {@code "10s"}. */
    String waitTime() default "10s";

    /** How often the body is run before the call is dead, the first time included; at least 1. */
    int attempts() default 5;

    /** First and longest pause between two attempts; it doubles in between, with jitter. */
    String backoff() default "100ms..1m";

    /** Exceptions of the body, subclasses included, after which the call is dead at once. */
    Class<? extends Throwable>[] noRetryFor() default {};

    /** After this time the running body is interrupted and its attempt counts as failed; {@code ""} means never. */
    String timeout() default "";

    /** Bodies of this queue that one JVM runs at once, at least 1. */
    int workers() default 16;
}
