package io.floodlock.runtime.jdbc.driver;

/**
 * Marks what the agent itself asks of a connection. One JDBC call can pass several tracked connections, where a pool or
 * proxy takes its connections from another DataSource: the outermost acts, and those within a marked call stay passive
 * for ever.
 *
 * <p>Beside that it marks what runs through a tracked statement, at whatever depth: the driver's own statements below
 * it are known.
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

    /** Sets how many calls are marked, for code of the application's that can't be inside any. @return how many were */
    public static int depth(int depth) {
        DriverCallDepth nesting = OF_THREAD.get();
        int before = nesting.agents;
        nesting.agents = depth;
        return before;
    }

    public static void leave() {
        OF_THREAD.get().agents--;
    }

    /** Whether a statement that runs now is run by the agent, or by the application through a tracked one. */
    public static boolean known() {
        DriverCallDepth nesting = OF_THREAD.get();
        return nesting.tracked > 0 || nesting.agents > 0;
    }

    /** A tracked statement begins to run on this thread; it calls {@link #ran()} on the answer. */
    public static DriverCallDepth run() {
        DriverCallDepth nesting = OF_THREAD.get();
        nesting.tracked++;
        return nesting;
    }

    public void ran() {
        tracked--;
    }
}
