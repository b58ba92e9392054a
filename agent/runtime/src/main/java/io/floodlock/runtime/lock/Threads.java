package io.floodlock.runtime.lock;

/** What a thread is, on Javas with and without virtual ones. */
final class Threads {

    /** Null before Java 21. */
    private static final Class<?> VIRTUAL = find("java.lang.BaseVirtualThread");

    private Threads() {}

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
