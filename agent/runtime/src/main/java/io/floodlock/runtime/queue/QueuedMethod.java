package io.floodlock.runtime.queue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.TxAttributes;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A {@code @Queued} method with its attributes resolved. The call layer makes it; {@link QueueEngine#register} makes
 * the method's site from it.
 *
 * @param lookup the declaring class's own lookup
 * @param key builds the call's key from instance and arguments; null if the method has no key
 * @param async whether a call returns before it is stored
 * @param replicas the replicas that must have a call before it returns
 * @param dedup tells calls that repeat each other; null if none do
 * @param delay the time from a call until its body may run; zero for none
 * @param noRetryFor binary names of exception classes, subclasses included
 * @param timeout of one run of the body; null for none
 * @param transaction the distributed transaction of its own in which the body runs; null for none
 * @param batch what runs several calls together; null if each runs by itself
 * @param failures converts a failure to the exception, of the caller's own class, that completes the returned future
 */
public record QueuedMethod(
        String queue,
        String name,
        Method method,
        MethodHandles.Lookup lookup,
        BiFunction<Object, Object[], String> key,
        int capacity,
        boolean rejectWhenFull,
        boolean async,
        int replicas,
        Dedup dedup,
        Duration delay,
        Duration waitTime,
        int attempts,
        Duration firstBackoff,
        Duration longestBackoff,
        List<String> noRetryFor,
        Duration timeout,
        int workers,
        TxAttributes transaction,
        Batch batch,
        Function<FloodlockFailure, ? extends Throwable> failures) {

    /**
     * What tells that a call repeats another.
     *
     * @param key builds it from instance and arguments
     * @param window how long it is remembered
     */
    public record Dedup(BiFunction<Object, Object[], String> key, Duration window) {}

    /**
     * A method of the same class that runs several calls.
     *
     * @param method its name
     * @param most how many calls it is given at once
     */
    public record Batch(String method, int most) {}

    /** Whether the body runs in a distributed transaction of its own. */
    public boolean transactional() {
        return transaction != null;
    }
}
