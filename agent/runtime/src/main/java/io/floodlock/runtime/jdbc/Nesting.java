package io.floodlock.runtime.jdbc;

/**
 * Marks what the agent itself asks of a connection. One JDBC call can pass several tracked connections, where a pool or proxy
 * takes its connections from another DataSource: the outermost acts, and those within a marked call stay passive for ever.
 */
public final class Nesting {

    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private Nesting() {}

    public static boolean inside() {
        return DEPTH.get()[0] > 0;
    }

    /** Always followed by {@link #leave()} on the same thread. */
    public static void enter() {
        DEPTH.get()[0]++;
    }

    /** Sets how many calls are marked, for code of the application's that can't be inside any. @return how many were */
    public static int depth(int depth) {
        int[] current = DEPTH.get();
        int before = current[0];
        current[0] = depth;
        return before;
    }

    public static void leave() {
        DEPTH.get()[0]--;
    }
}
