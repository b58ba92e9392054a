package io.floodlock.examples.bench.locks;

/**
 * One task for one JVM: a number of threads that each repeat one section. Immutable.
 *
 * @param name of the lock, or the prefix of the names of its locks
 * @param atMillis wall-clock time at which all threads begin, so that two JVMs begin together; a delay in
 *     milliseconds until {@link #at} adds the start time
 * @param millis how long the threads repeat
 * @param times how often each thread repeats at most; 0 for no limit
 * @param keyCount the number of keys of {@link Keys#RANDOM}
 * @param sectionMicros duration of a body in microseconds
 * @param asleep whether the body sleeps; otherwise it spins
 * @param jvm the number of this JVM, from 0
 * @param port for {@link Mode#ALTERNATING}: the port over which the JVMs pass the turn to each other
 */
public record Task(
        String name,
        Mode mode,
        Keys keys,
        int keyCount,
        int threads,
        long atMillis,
        long millis,
        long times,
        long sectionMicros,
        boolean asleep,
        int jvm,
        int port) {

    /** How the lock is acquired. */
    public enum Mode {
        EXCLUSIVE,
        SHARED,
        /** Exclusively, refused at once if it is held. */
        AT_ONCE,
        /** Exclusively, alternating with another JVM. */
        ALTERNATING,
        /** Each of {@code keyCount} keys for the lifetime of the JVM. */
        HELD
    }

    /** The lock that a section acquires. */
    public enum Keys {
        ONE,
        /** A new one each time; the names are determined by the task's name, the JVM and the thread. */
        NEW,
        RANDOM
    }

    public static Task of(String name, Mode mode, int threads, long millis) {
        return new Task(name, mode, Keys.ONE, 1, threads, 0, millis, 0, 0, false, 0, 0);
    }

    public Task newKeys() {
        return new Task(name, mode, Keys.NEW, 0, threads, atMillis, millis, times, sectionMicros, asleep, jvm, port);
    }

    public Task randomKeys(int count) {
        return new Task(
                name, mode, Keys.RANDOM, count, threads, atMillis, millis, times, sectionMicros, asleep, jvm, port);
    }

    public Task times(long most) {
        return new Task(name, mode, keys, keyCount, threads, atMillis, millis, most, sectionMicros, asleep, jvm, port);
    }

    /** With bodies that use the CPU. */
    public Task busy(long micros) {
        return new Task(name, mode, keys, keyCount, threads, atMillis, millis, times, micros, false, jvm, port);
    }

    /** With bodies that sleep, as if they waited for another system. */
    public Task sleeping(long micros) {
        return new Task(name, mode, keys, keyCount, threads, atMillis, millis, times, micros, true, jvm, port);
    }

    /** Begins this many milliseconds after the other tasks. */
    public Task later(long delayMillis) {
        return new Task(
                name, mode, keys, keyCount, threads, delayMillis, millis, times, sectionMicros, asleep, jvm, port);
    }

    public Task at(long startMillis, int inJvm, int meetingPort) {
        return new Task(
                name,
                mode,
                keys,
                keyCount,
                threads,
                startMillis + atMillis,
                millis,
                times,
                sectionMicros,
                asleep,
                inJvm,
                meetingPort);
    }

    /** Keys from {@code name0} on, held for the lifetime of the JVM. */
    public static Task held(String name, int keyCount) {
        return new Task(name, Mode.HELD, Keys.RANDOM, keyCount, 1, 0, 0, 0, 0, false, 0, 0);
    }

    public Task named(String other) {
        return new Task(
                other, mode, keys, keyCount, threads, atMillis, millis, times, sectionMicros, asleep, jvm, port);
    }
}
