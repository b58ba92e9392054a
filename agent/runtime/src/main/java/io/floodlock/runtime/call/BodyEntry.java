package io.floodlock.runtime.call;

/**
 * Lets the agent call a woven method so that its body runs, and nothing of what is woven before it happens again. Everything
 * here is the calling thread's own.
 */
final class BodyEntry {

    private static final ThreadLocal<CallSpec> EXPECTED = new ThreadLocal<>();

    private BodyEntry() {}

    /** The next call of that method on this thread is the agent's. */
    static void expect(CallSpec method) {
        EXPECTED.set(method);
    }

    /** Whether the call that is beginning is the agent's. */
    static boolean isExpected(CallSpec method) {
        CallSpec expected = EXPECTED.get();
        return expected != null && expected.equals(method);
    }

    /** What was expected has come, or never will. */
    static void met() {
        EXPECTED.remove();
    }
}
