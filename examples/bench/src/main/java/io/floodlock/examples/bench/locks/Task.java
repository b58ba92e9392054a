package io.floodlock.examples.bench.locks;

/**
 * What one JVM is told to do, once: so many threads that each repeat one section.
 *
 * @param name of the lock, or what the names of its locks begin with
 * @param atMillis wall clock at which all begin, so that two JVMs begin together; a delay until that is known
 * @param millis for how long they go on
 * @param times how often each repeats at most; 0 for no limit
 * @param keyCount of {@link Keys#RANDOM}
 * @param sectionMicros how long a body lasts
 * @param jvm the number of this JVM, from 0
 * @param port of {@link Mode#ALTERNATING}: where the JVMs tell each other whose turn it is
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

    /** How the lock is taken. */
    public enum Mode {
        EXCLUSIVE,
        SHARED,
        /** Refused at once where it is held. */
        AT_ONCE,
        /** Exclusively, by turns with another JVM. */
        ALTERNATING,
        /** Each of {@code keyCount} keys for as long as the JVM lives. */
        HELD
    }

    /** Which lock a section takes. */
    public enum Keys {
        ONE,
        /** Another each time: the same ones for the same name, thread and JVM. */
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

    /** Bodies that compute. */
    public Task busy(long micros) {
        return new Task(name, mode, keys, keyCount, threads, atMillis, millis, times, micros, false, jvm, port);
    }

    /** Bodies that wait for something else. */
    public Task sleeping(long micros) {
        return new Task(name, mode, keys, keyCount, threads, atMillis, millis, times, micros, true, jvm, port);
    }

    /** Begins that long after the others. */
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

    /** Keys from {@code name0} on, held as long as the JVM lives. */
    public static Task held(String name, int keyCount) {
        return new Task(name, Mode.HELD, Keys.RANDOM, keyCount, 1, 0, 0, 0, 0, false, 0, 0);
    }

    public Task named(String other) {
        return new Task(
                other, mode, keys, keyCount, threads, atMillis, millis, times, sectionMicros, asleep, jvm, port);
    }
}
