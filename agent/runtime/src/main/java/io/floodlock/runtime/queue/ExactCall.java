package io.floodlock.runtime.queue;

/**
 * Marks the call that the consumer is making on this thread. The entry of the method consumes the mark. So every call
 * that the body makes, a recursive call included, is a new queued call.
 */
final class ExactCall {

    private static final ThreadLocal<ExactCall> CURRENT = new ThreadLocal<>();

    private final QueueSite site;
    private final Object[] arguments;

    private ExactCall(QueueSite site, Object[] arguments) {
        this.site = site;
        this.arguments = arguments;
    }

    static void expect(QueueSite site, Object[] arguments) {
        CURRENT.set(new ExactCall(site, arguments));
    }

    static void clear() {
        CURRENT.remove();
    }

    /** Whether the consumer is making this call; true once only. */
    static boolean consume(QueueSite site, Object[] arguments) {
        ExactCall expected = CURRENT.get();
        if (expected == null || expected.site != site || !expected.matches(arguments)) {
            return false;
        }
        CURRENT.remove();
        return true;
    }

    private boolean matches(Object[] actual) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] != actual[i] && !(isBoxed(arguments[i]) && arguments[i].equals(actual[i]))) {
                return false;
            }
        }
        return true;
    }

    /** A primitive is boxed again at every entry, so identity does not hold. */
    private static boolean isBoxed(Object value) {
        return value instanceof Number || value instanceof Boolean || value instanceof Character;
    }
}
