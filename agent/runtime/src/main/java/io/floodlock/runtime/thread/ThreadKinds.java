package io.floodlock.runtime.thread;

/** What a thread is, on Javas with and without virtual ones. */
public final class ThreadKinds {

    /** Null before Java 21. */
    private static final Class<?> VIRTUAL = find("java.lang.BaseVirtualThread");

    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

    private ThreadKinds() {}

    /** Whether others run while it spins; a virtual thread would keep its carrier from them. */
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
