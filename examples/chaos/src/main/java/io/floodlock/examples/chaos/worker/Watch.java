package io.floodlock.examples.chaos.worker;

/**
 * Where one thread is, for whoever looks whether it hangs. Time is counted in ticks of the JVM's own ticker, which doesn't tick
 * while the JVM is stopped, so that what an outsider did to it isn't held against it. Written by its thread, read by any.
 */
final class Watch {

    private final Ticks ticks;
    private final Thread thread = Thread.currentThread();
    private volatile State state = new State(null, 0, 0);
    private State told;

    Watch(Ticks ticks) {
        this.ticks = ticks;
    }

    private record State(String what, long since, long limit) {}

    /** From now on it must not take longer than that until the next change. */
    void expects(String what, long limitMillis) {
        state = new State(what, ticks.millis(), limitMillis);
    }

    /** It may take as long as it likes. */
    void rests() {
        state = new State(null, 0, 0);
    }

    /** What it hangs in and for how long, once for each; null if it doesn't. Called by one thread. */
    String hangs() {
        State now = state;
        if (now.what == null || now == told || ticks.millis() - now.since <= now.limit) {
            return null;
        }
        told = now;
        StringBuilder text = new StringBuilder(now.what + " for more than " + now.limit + " ms in " + thread.getName());
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }
}
