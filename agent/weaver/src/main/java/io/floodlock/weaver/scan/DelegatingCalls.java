package io.floodlock.weaver.scan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds the methods of one class that delegate their call: they call a method of the same name and type of another
 * class, in their own body or in one of their lambdas. Wrappers of JDBC statements do so, drivers do not. {@link
 * ClassScanner} fills it while it reads a class.
 *
 * <p>Only methods whose names begin with {@code execute} are examined. A call in a lambda is recorded under the
 * lambda's own name, because its body is a method of the class too.
 */
final class DelegatingCalls {

    private static final String EXECUTE = "execute";
    private static final String LAMBDA = "lambda$";

    private final Map<String, Set<String>> called = new HashMap<>(0);
    private final Map<String, Set<String>> lambdas = new HashMap<>(0);

    /** Records that a method, or a lambda, calls a method of another class. */
    void calls(String method, String descriptor, String name, String type) {
        if (name.startsWith(EXECUTE) && (method.startsWith(EXECUTE) || method.startsWith(LAMBDA))) {
            put(called, method, descriptor, name, type);
        }
    }

    /** Records that a method has a lambda, or refers to a method of its own class. */
    void contains(String method, String descriptor, String lambda, String type) {
        if (method.startsWith(EXECUTE)) {
            put(lambdas, method, descriptor, lambda, type);
        }
    }

    private static void put(Map<String, Set<String>> all, String method, String descriptor, String name, String type) {
        all.computeIfAbsent(ScannedMethod.key(method, descriptor), any -> new HashSet<>())
                .add(ScannedMethod.key(name, type));
    }

    /** The keys of the methods that delegate their call. */
    Set<String> delegating() {
        Set<String> found = new HashSet<>(0);
        for (Map.Entry<String, Set<String>> each : called.entrySet()) {
            if (each.getValue().contains(each.getKey())) {
                found.add(each.getKey());
            }
        }
        for (Map.Entry<String, Set<String>> each : lambdas.entrySet()) {
            for (String lambda : each.getValue()) {
                if (called.getOrDefault(lambda, Set.of()).contains(each.getKey())) {
                    found.add(each.getKey());
                }
            }
        }
        return Set.copyOf(found);
    }
}
