package io.floodlock.examples.chaos.worker;

/**
 * The present step of one thread, for the check whether the thread hangs. Time is counted in ticks of the JVM's own
 * ticker, which does not run while the JVM is stopped, so a stop from outside is not counted as a hang. Written by
 * its thread, read by any thread.
 */
final class Watch {

    private final Ticks ticks;
    private final Thread thread = Thread.currentThread();
    private volatile State state = new State(null, 0, 0);
    private State reported;

    Watch(Ticks ticks) {
        this.ticks = ticks;
    }

    private record State(String what, long since, long limit) {}

    /** Starts a step that must not take longer than this limit until the next change. */
    void expects(String what, long limitMillis) {
        state = new State(what, ticks.millis(), limitMillis);
    }

    /** Starts a step without a time limit. */
    void rests() {
        state = new State(null, 0, 0);
    }

    /**
     * The step in which the thread hangs, with the limit and the stack, once per step; null if it does not hang.
     * Called by one thread.
     */
    String hangs() {
        State now = state;
        if (now.what == null || now == reported || ticks.millis() - now.since <= now.limit) {
            return null;
        }
        reported = now;
        StringBuilder text = new StringBuilder(now.what + " for more than " + now.limit + " ms in " + thread.getName());
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }
}
