package io.floodlock.examples.shop.trial;

import io.floodlock.testkit.ForkedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** One JVM of the shop. It is kept busy with orders, and can be killed, paused and started again. Thread-safe. */
public final class Node implements AutoCloseable {

    /** The greatest number of orders that are sent and not answered. */
    private static final int WINDOW = 64;

    private final Supplier<ForkedJvm.Builder> program;
    private final Demand demand;
    private final Path log;
    private final Set<Long> outstanding = new HashSet<>();
    private ForkedJvm jvm;
    private boolean ready;
    private long runsBefore;
    private long runs;

    Node(Supplier<ForkedJvm.Builder> program, Demand demand, Path log) {
        this.program = program;
        this.demand = demand;
        this.log = log;
        start();
    }

    /** Starts it, also after a {@link #kill()}; returns at once. */
    public synchronized void start() {
        ready = false;
        runsBefore += runs;
        runs = 0;
        jvm = program.get().onLine(this::received).start();
    }

    private void received(String line) {
        String[] fields = line.split(" ", 4);
        switch (fields[0]) {
            case "@ready" -> becameReady();
            case "@done" -> {
                demand.done(Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3]);
                answered(Long.parseLong(fields[1]));
            }
            case "@failed" -> {
                demand.failed(Long.parseLong(fields[1]), line);
                answered(Long.parseLong(fields[1]));
                write(line);
            }
            case "@tally" -> tallied(Long.parseLong(fields[1]));
            default -> write(line);
        }
    }

    private synchronized void becameReady() {
        ready = true;
        notifyAll();
    }

    private synchronized void answered(long id) {
        outstanding.remove(id);
        feed();
    }

    private synchronized void tallied(long count) {
        runs = count;
        notifyAll();
    }

    private void write(String line) {
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + log, e);
        }
    }

    /** Sends orders until the window is full. */
    synchronized void feed() {
        if (!ready || !jvm.isAlive()) {
            return;
        }
        while (outstanding.size() < WINDOW) {
            OptionalLong id = demand.next();
            if (id.isEmpty()) {
                return;
            }
            outstanding.add(id.getAsLong());
            send("buy " + id.getAsLong());
        }
    }

    private void send(String line) {
        try {
            jvm.send(line);
        } catch (UncheckedIOException e) {
            // it is dying: kill() returns its unanswered orders to the demand
        }
    }

    public synchronized boolean isAlive() {
        return jvm.isAlive();
    }

    public synchronized boolean isReady() {
        return ready;
    }

    /** The number of stored calls that it has run, over all its processes, as far as they were reported. */
    synchronized long runs() throws InterruptedException {
        long before = runs;
        send("tally");
        wait(2_000);
        return runsBefore + Math.max(before, runs);
    }

    /** Sends SIGKILL and returns its unanswered orders to the demand, for any JVM. */
    public void kill() {
        ForkedJvm victim;
        synchronized (this) {
            victim = jvm;
            ready = false;
        }
        // outside the monitor, because its last lines are still being read
        victim.kill();
        synchronized (this) {
            demand.putBack(outstanding);
            outstanding.clear();
        }
    }

    /** Sends SIGSTOP. */
    public synchronized void pause() {
        jvm.pause();
    }

    /** Sends SIGCONT. */
    public synchronized void resume() {
        jvm.resume();
    }

    @Override
    public void close() {
        kill();
    }
}
