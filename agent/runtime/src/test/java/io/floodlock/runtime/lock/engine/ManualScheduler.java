package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes only when a test says so. */
final class ManualScheduler implements Scheduler {

    private final List<Due> tasks = new ArrayList<>();
    private long now;

    private record Due(long at, Runnable task) {}

    @Override
    public synchronized Task after(long nanos, Runnable task) {
        Due due = new Due(now + nanos, task);
        tasks.add(due);
        return () -> {
            synchronized (this) {
                tasks.remove(due);
            }
        };
    }

    /** How many tasks wait for their time. */
    synchronized int pending() {
        return tasks.size();
    }

    /** The tasks that wait, as the classes that made them; for messages. */
    synchronized List<String> waiting() {
        return tasks.stream()
                .map(due -> due.task.getClass().getSimpleName().replaceAll("\\$\\$Lambda.*", "") + " at " + due.at)
                .sorted()
                .toList();
    }

    /** Runs what falls due, in order, on this thread. */
    void elapse(Duration time) {
        long until;
        synchronized (this) {
            until = now + time.toNanos();
        }
        for (Due due = next(until); due != null; due = next(until)) {
            due.task.run();
        }
    }

    private synchronized Due next(long until) {
        Due next = tasks.stream()
                .filter(due -> due.at <= until)
                .min(Comparator.comparingLong(Due::at))
                .orElse(null);
        now = next == null ? until : Math.max(now, next.at);
        tasks.remove(next);
        return next;
    }

    @Override
    public void close() {}
}
