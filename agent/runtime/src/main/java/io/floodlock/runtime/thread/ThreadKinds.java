package io.floodlock.runtime.thread;

/**
 * Distinguishes platform threads from virtual ones, on Java versions with and without the latter, and tells which
 * thread may spin. Thread-safe.
 */
public final class ThreadKinds {

    /** The class of virtual threads; null before Java 21. */
    private static final Class<?> VIRTUAL = find("java.lang.BaseVirtualThread");

    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

    private ThreadKinds() {}

    /**
     * Whether the thread may spin: other threads run meanwhile. A virtual thread may not, as it would keep its
     * carrier from others.
     */
    public static boolean maySpin(Thread thread) {
        return SEVERAL_PROCESSORS && !virtual(thread);
    }

    static boolean virtual(Thread thread) {
        return VIRTUAL != null && VIRTUAL.isInstance(thread);
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
