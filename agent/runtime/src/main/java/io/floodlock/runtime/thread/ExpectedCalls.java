package io.floodlock.runtime.thread;

/**
 * Calls that the agent makes, or that a framework makes for it: the maker expects the call, and the woven method recognizes it
 * at its entry. All other calls of the method, those that its own body makes too, are calls of the application.
 *
 * <p>What a thread expects is its own. Expectations nest, as one framework calls through another: only the innermost is
 * looked at, and it ends before those around it. It is taken once, and its maker ends it whether it was taken or not.
 *
 * @param <V> what the maker hands to the entry
 */
public final class ExpectedCalls<V> {

    private final ThreadLocal<Expected<V>> innermost = new ThreadLocal<>();

    /** A thread sets it before it expects a call, and so sees its own write. It spares all others a look at the thread. */
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

        /** Nothing is expected of this any more; does nothing once the call has been taken. */
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

        /** A primitive is boxed anew each time that it is passed on. */
        private static boolean isBox(Object value) {
            return value instanceof Number || value instanceof Boolean || value instanceof Character;
        }
    }

    /**
     * Expects the next call of a method on this thread.
     *
     * @param method compared by {@code equals}
     * @param self null for a call on any instance
     * @param arguments null for a call with any arguments; not copied
     * @param value for the entry; not null
     */
    public Expected<V> expect(Object method, Object self, Object[] arguments, V value) {
        used = true;
        Expected<V> expected = new Expected<>(this, method, self, arguments, value, innermost.get());
        innermost.set(expected);
        return expected;
    }

    /** Whether the call that begins, or is about to, is expected with whatever arguments. */
    public boolean isExpected(Object method) {
        return of(method) != null;
    }

    /** The maker's value if the call that begins is expected, else null; once. */
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
