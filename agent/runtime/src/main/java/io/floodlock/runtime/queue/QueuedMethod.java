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
 * A {@code @Queued} method, its attributes resolved.
 *
 * @param lookup the declaring class's own lookup
 * @param key builds the call's key from instance and arguments; null where the method has none
 * @param noRetryFor binary names of exception classes, subclasses included
 * @param timeout of one body; null for none
 * @param failures what a future that the method returned ends with, made of a failure: the caller's own exception class
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
        Function<FloodlockFailure, ? extends Throwable> failures) {

    /** The method as a handle with its own parameter types, the instance first unless it is static. */
    public MethodHandle handle() throws IllegalAccessException {
        return lookup.unreflect(method);
    }
}
