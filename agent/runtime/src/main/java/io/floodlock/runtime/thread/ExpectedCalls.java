package io.floodlock.runtime.thread;

/**
 * Marks the calls of woven methods that the agent makes, or that a framework makes for it. The maker announces the
 * call by {@link #expect}, and the woven method recognizes it at its entry by {@link #take}. All other calls of the
 * method, including those that its own body makes, are calls of the application.
 *
 * <p>Each thread has its own expectations. They nest, as one framework calls through another: only the innermost is
 * checked, and it ends before those around it. It is taken at most once, and its maker ends it whether it was taken
 * or not. Thread-safe.
 *
 * @param <V> the value that the maker passes to the entry
 */
public final class ExpectedCalls<V> {

    private final ThreadLocal<Expected<V>> innermost = new ThreadLocal<>();

    /**
     * Whether any thread has expected a call: until then no thread needs to check its thread-local. Not volatile: a
     * thread sets it before it expects a call, and so sees its own write.
     */
    private boolean used;

    /** One call that its maker expects. */
    public static final class Expected<V> {

        private final ExpectedCalls<V> calls;
        private final Object method;
        private final Object self;
        private final Object[] arguments;
        private final V value;
        private final Expected<V> around;

        private Expected(
                ExpectedCalls<V> calls, Object method, Object self, Object[] arguments, V value, Expected<V> around) {
            this.calls = calls;
            this.method = method;
            this.self = self;
            this.arguments = arguments;
            this.value = value;
            this.around = around;
        }

        /** Ends the expectation; does nothing once the call has been taken. */
        public void end() {
            if (calls.innermost.get() == this) {
                if (around == null) {
                    calls.innermost.remove();
                } else {
                    calls.innermost.set(around);
                }
            }
        }

        private boolean matches(Object instance, Object[] given) {
            return (self == null || self == instance) && (arguments == null || areSame(given));
        }

        private boolean areSame(Object[] given) {
            if (arguments.length != given.length) {
                return false;
            }
            for (int i = 0; i < given.length; i++) {
                if (arguments[i] != given[i] && !(isBox(given[i]) && given[i].equals(arguments[i]))) {
                    return false;
                }
            }
            return true;
        }

        /** Boxed primitives are compared by value, as a primitive is boxed anew each time it is passed on. */
        private static boolean isBox(Object value) {
            return value instanceof Number || value instanceof Boolean || value instanceof Character;
        }
    }

    /**
     * Expects the next call of a method on this thread.
     *
     * @param method compared by {@code equals}
     * @param self the instance, or null for a call on any instance
     * @param arguments the arguments, or null for a call with any arguments; not copied
     * @param value passed to the entry; not null
     */
    public Expected<V> expect(Object method, Object self, Object[] arguments, V value) {
        used = true;
        Expected<V> expected = new Expected<>(this, method, self, arguments, value, innermost.get());
        innermost.set(expected);
        return expected;
    }

    /** Whether the call that begins, or is about to begin, is expected, with any instance and arguments. */
    public boolean isExpected(Object method) {
        return of(method) != null;
    }

    /**
     * Takes the expectation of the call that begins: its maker's value if it is expected, else null. At most once for
     * each expectation.
     */
    public V take(Object method, Object self, Object[] arguments) {
        Expected<V> expected = of(method);
        if (expected == null || !expected.matches(self, arguments)) {
            return null;
        }
        expected.end();
        return expected.value;
    }

    private Expected<V> of(Object method) {
        Expected<V> expected = used ? innermost.get() : null;
        return expected != null && expected.method.equals(method) ? expected : null;
    }
}
