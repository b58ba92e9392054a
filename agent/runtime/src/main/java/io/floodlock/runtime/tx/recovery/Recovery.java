package io.floodlock.runtime.tx.recovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.thread.AgentThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recovery thread: it sweeps every DataSource that this JVM has seen, at once when the source is first seen and
 * then every five seconds with jitter, for ever, as a host that slept can prepare a branch at any time. Every JVM does
 * so without coordination, because each step may be repeated without harm. {@link Sweep} is one pass; read it next.
 * Thread-safe.
 */
public final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Consumer<List<DataSource>> sweep;
    private final RecoveryTiming timing;
    private final List<SeenSource> sources = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();

    @GuardedBy("lock")
    private boolean due;

    @GuardedBy("lock")
    private boolean stopped;

    private volatile boolean started;

    /** @param sweep one pass over the sources, {@link Sweep#over} */
    public Recovery(Consumer<List<DataSource>> sweep, RecoveryTiming timing) {
        this.sweep = sweep;
        this.timing = timing;
    }

    /** Adds a DataSource to the next sweeps, without keeping it alive. */
    public void seen(DataSource source) {
        for (SeenSource known : sources) {
            if (known.is(source)) {
                return;
            }
        }
        synchronized (sources) {
            if (sources.stream().noneMatch(known -> known.is(source))) {
                sources.add(new SeenSource(source));
                wake();
            }
        }
    }

    /** Starts the recovery thread; idempotent. */
    public void start() {
        if (started) {
            return;
        }
        synchronized (sources) {
            if (!started) {
                started = true;
                AgentThreads.daemon("floodlock-tx-recovery", this::run).start();
            }
        }
    }

    /** Makes the next sweep start at once, or right after the one that is running. */
    public void wake() {
        lock.lock();
        try {
            due = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the recovery thread after the sweep that is running. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!stopped()) {
            try {
                sweep.accept(sources());
            } catch (RuntimeException | Error e) {
                // of a driver or a pool, or memory is short: a later sweep may find it otherwise, and nobody else
                // recovers
                LOG.warn("A recovery sweep failed; the next one tries again", e);
            }
            pause();
        }
    }

    /** The DataSources that have been seen, and that the application still holds. */
    public List<DataSource> sources() {
        List<DataSource> alive = new ArrayList<>();
        for (SeenSource seen : sources) {
            DataSource source = seen.get();
            if (source == null) {
                sources.remove(seen);
            } else {
                alive.add(source);
            }
        }
        return alive;
    }

    private boolean stopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        double jitter = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
        long rest = (long) (TimeUnit.MILLISECONDS.toNanos(timing.every()) * jitter);
        lock.lock();
        try {
            while (!due && !stopped && rest > 0) {
                rest = woken.awaitNanos(rest);
            }
            due = false;
        } catch (InterruptedException e) {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }
}
