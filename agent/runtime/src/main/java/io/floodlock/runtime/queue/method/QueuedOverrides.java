package io.floodlock.runtime.queue.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Knows the queued methods by their classes. A call on an object whose class overrides a queued method by another
 * queued method is stored under the name of the override, so such an object is no candidate for the overridden one.
 * Classes are held weakly. Thread-safe.
 */
final class QueuedOverrides {

    /** A method's name and the names of its parameters' types. */
    private record Signature(String name, List<String> parameters) {

        static Signature of(Method method) {
            return new Signature(
                    method.getName(),
                    Arrays.stream(method.getParameterTypes())
                            .map(Class::getName)
                            .toList());
        }
    }

    @GuardedBy("this")
    private final Map<Class<?>, Set<Signature>> queued = new WeakHashMap<>();

    synchronized void add(Method method) {
        queued.computeIfAbsent(method.getDeclaringClass(), any -> new HashSet<>())
                .add(Signature.of(method));
    }

    /** Whether the class has a queued method that overrides the given one. */
    synchronized boolean isOwn(Class<?> type, Method method) {
        Signature wanted = Signature.of(method);
        for (Class<?> at = type; at != null && at != method.getDeclaringClass(); at = at.getSuperclass()) {
            if (queued.getOrDefault(at, Set.of()).contains(wanted)) {
                return true;
            }
        }
        return false;
    }
}
