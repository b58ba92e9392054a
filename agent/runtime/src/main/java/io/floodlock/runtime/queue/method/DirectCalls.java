package io.floodlock.runtime.queue.method;

/** Whether the calls that a thread makes of queued methods run at once instead of being stored. For tests. */
public final class DirectCalls {

    /** Written before the first thread sets its own; spares all others the thread-local. */
    private static volatile boolean any;

    private static final ThreadLocal<Boolean> OF_THREAD = new ThreadLocal<>();

    private DirectCalls() {}

    static boolean areOn() {
        return any && OF_THREAD.get() != null;
    }

    /** Sets it for this thread, and returns the value before. */
    public static boolean set(boolean value) {
        boolean before = areOn();
        if (value) {
            any = true;
            OF_THREAD.set(true);
        } else {
            OF_THREAD.remove();
        }
        return before;
    }
}
