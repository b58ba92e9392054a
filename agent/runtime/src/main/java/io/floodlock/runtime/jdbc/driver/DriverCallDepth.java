package io.floodlock.runtime.jdbc.driver;

/**
 * Marks, per thread, the calls that the agent itself makes on a connection. One JDBC call can pass through several
 * tracked connections, where a pool or proxy takes its connections from another DataSource. Only one of them may act: a
 * tracked connection that would enlist within a marked call becomes passive, and stays so forever.
 *
 * <p>It also marks the runs of tracked statements, at any depth. So the statements that a driver runs below a tracked
 * one are known, and need no check of their own.
 */
public final class DriverCallDepth {

    private static final ThreadLocal<DriverCallDepth> OF_THREAD = ThreadLocal.withInitial(DriverCallDepth::new);

    private int agents;
    private int tracked;

    private DriverCallDepth() {}

    public static boolean inside() {
        return OF_THREAD.get().agents > 0;
    }

    /** Always followed by {@link #leave()} on the same thread. */
    public static void enter() {
        OF_THREAD.get().agents++;
    }

    /**
     * Sets the number of marked calls, for application code that can't be inside any.
     *
     * @return the number before
     */
    public static int depth(int depth) {
        DriverCallDepth nesting = OF_THREAD.get();
        int before = nesting.agents;
        nesting.agents = depth;
        return before;
    }

    public static void leave() {
        OF_THREAD.get().agents--;
    }

    /**
     * Whether a statement that runs now was started by the agent, or by the application through a tracked statement.
     */
    public static boolean known() {
        DriverCallDepth nesting = OF_THREAD.get();
        return nesting.tracked > 0 || nesting.agents > 0;
    }

    /**
     * Called when a tracked statement begins to run on this thread. The caller must then call {@link #ran()} on the
     * result.
     */
    public static DriverCallDepth run() {
        DriverCallDepth nesting = OF_THREAD.get();
        nesting.tracked++;
        return nesting;
    }

    public void ran() {
        tracked--;
    }
}
