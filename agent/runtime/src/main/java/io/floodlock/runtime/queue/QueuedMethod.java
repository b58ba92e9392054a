package io.floodlock.runtime.queue;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandle;
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
 * @param noRetryFor binary names of exception classes, subclasses included
 * @param timeout of one run of the body; null for none
 * @param transactional whether the body runs in a distributed transaction of its own
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
        Duration waitTime,
        int attempts,
        Duration firstBackoff,
        Duration longestBackoff,
        List<String> noRetryFor,
        Duration timeout,
        int workers,
        boolean transactional,
        Function<FloodlockFailure, ? extends Throwable> failures) {

    /** The method as a handle with its own parameter types, the instance first unless it is static. */
    public MethodHandle handle() throws IllegalAccessException {
        return lookup.unreflect(method);
    }
}
