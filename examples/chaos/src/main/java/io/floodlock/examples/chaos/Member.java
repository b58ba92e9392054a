package io.floodlock.examples.chaos;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.WireProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One JVM that works under locks, with a separate link to Redis. It has one process at a time, and a new one after
 * each restart. Thread-safe.
 *
 * <p>A member is up, stopped (SIGSTOP), or away: a member that has {@linkplain #leave left} is away until it starts
 * again.
 */
final class Member implements AutoCloseable {

    private static final int LINES = 200;
    private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(20);

    /**
     * The size limit of the log, in characters, so that a run of half an hour does not fill a disk. The first lines
     * are the most useful ones.
     */
    private static final long LARGEST_LOG = 20_000_000;

    private final int number;
    private final WireProxy link;
    private final Function<Member, ForkedJvm.Builder> program;
    private final Path log;
    private final Map<String, Long> outcomesBefore = new TreeMap<>();
    private Map<String, Long> outcomes = Map.of();
    private volatile ForkedJvm jvm;
    private long logged;
    private boolean ready;
    private boolean stopped;
    private boolean away;
    private long lastSuccess;
    private long hangs;

    Member(int number, WireProxy link, Function<Member, ForkedJvm.Builder> program, Path log) {
        this.number = number;
        this.link = link;
        this.program = program;
        this.log = log;
    }

    int number() {
        return number;
    }

    /** Its link to Redis. */
    WireProxy link() {
        return link;
    }

    /** Starts a new process. */
    synchronized void start() {
        outcomes.forEach((name, count) -> outcomesBefore.merge(name, count, Long::sum));
        outcomes = Map.of();
        ready = false;
        away = false;
        lastSuccess = 0;
        ForkedJvm[] mine = new ForkedJvm[1];
        ForkedJvm started = program.apply(this)
                .keepLines(LINES)
                .onLine(line -> received(mine, line))
                .start();
        mine[0] = started;
        jvm = started;
    }

    private synchronized void received(ForkedJvm[] from, String line) {
        String[] fields = line.split(" ");
        switch (fields[0]) {
            case "@ready" -> ready |= from[0] == jvm;
            case "@beat" -> {
                if (from[0] == jvm) {
                    beat(fields);
                }
            }
            case "@hang" -> {
                hangs++;
                write(line);
            }
            default -> write(line);
        }
    }

    private void beat(String[] fields) {
        lastSuccess = Long.parseLong(fields[1]);
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 2; i < fields.length; i++) {
            int equals = fields[i].indexOf('=');
            counts.put(fields[i].substring(0, equals), Long.parseLong(fields[i].substring(equals + 1)));
        }
        outcomes = counts;
    }

    private void write(String line) {
        logged += line.length() + 1;
        if (logged > LARGEST_LOG) {
            return;
        }
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + log, e);
        }
    }

    /** Writes an event into its log. */
    synchronized void note(String what) {
        write("==== " + what + " at " + System.nanoTime());
    }

    /** Whether it runs and no fault is in progress on it. */
    synchronized boolean isUp() {
        return ready && !stopped && !away;
    }

    /** Whether an operation that began after this time has succeeded. */
    synchronized boolean worksSince(long nanos) {
        return ready && !stopped && !away && lastSuccess - nanos > 0;
    }

    /** Whether its process has ended without a fault. */
    synchronized boolean hasEnded() {
        return !away && !jvm.isAlive();
    }

    /**
     * Marks it as away until it starts again. A caller that gets true must end its process.
     *
     * @return false if it is away already, because another fault is ending it
     */
    synchronized boolean leave() {
        if (away) {
            return false;
        }
        resume();
        away = true;
        return true;
    }

    /** Sends SIGKILL to a member that is away. */
    void kill() {
        jvm.close();
    }

    /**
     * Sends SIGTERM to a member that is away.
     *
     * @return whether it ended by itself in time
     */
    boolean terminate() {
        jvm.terminate();
        try {
            jvm.awaitExit(TERMINATION_LIMIT);
            return true;
        } catch (AssertionError e) {
            note("does not end");
            jvm.printThreads();
            return false;
        } finally {
            jvm.close();
        }
    }

    /** Sends a line to its standard input. Returns false if its process ends just then. */
    synchronized boolean send(String line) {
        try {
            jvm.send(line);
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Sends SIGSTOP. */
    synchronized void pause() {
        stopped = true;
        jvm.pause();
    }

    /** Sends SIGCONT, if it is stopped. */
    synchronized void resume() {
        if (stopped) {
            jvm.resume();
            stopped = false;
        }
    }

    synchronized void printThreads() {
        jvm.printThreads();
    }

    /** The number of hanging threads, over all its processes. */
    synchronized long hangs() {
        return hangs;
    }

    /** The outcomes of its operations with their counts, over all its processes, as far as they were reported. */
    synchronized Map<String, Long> outcomes() {
        Map<String, Long> all = new TreeMap<>(outcomesBefore);
        outcomes.forEach((name, count) -> all.merge(name, count, Long::sum));
        return all;
    }

    @Override
    public void close() {
        if (jvm != null) {
            jvm.close();
        }
        link.close();
    }
}
