package io.floodlock.examples.bench.locks;

import io.floodlock.examples.bench.locks.Task.Keys;
import io.floodlock.examples.bench.locks.Task.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** Runs one task with its own threads. Used once. */
final class TaskRun {

    private static final int SECONDS = 600;

    private final LockKind kind;
    private final Ledger ledger;
    private final Task task;
    private final List<Section> sections = new ArrayList<>();

    TaskRun(LockKind kind, Ledger ledger, Task task) {
        this.kind = kind;
        this.ledger = ledger;
        this.task = task;
        for (int key = 0; task.keys() != Keys.NEW && key < task.keyCount(); key++) {
            sections.add(section(task.keys() == Keys.ONE ? task.name() : task.name() + key));
        }
    }

    private Section section(String name) {
        return switch (task.mode()) {
            case EXCLUSIVE, ALTERNATING -> kind.exclusive(name);
            case SHARED -> kind.shared(name);
            case AT_ONCE -> kind.atOnce(name);
            case HELD -> throw new IllegalArgumentException("held locks have no section");
        };
    }

    Outcome run() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(task.threads());
        try (Turns turns = task.mode() == Mode.ALTERNATING ? new Turns(task.jvm(), task.port()) : null) {
            Thread.sleep(Math.max(0, task.atMillis() - System.currentTimeMillis()));
            long roundTrips = kind.roundTrips();
            long begin = System.nanoTime();
            List<Worker> workers = new ArrayList<>();
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < task.threads(); thread++) {
                Worker worker = new Worker(thread, begin, turns);
                workers.add(worker);
                running.add(executor.submit(worker));
            }
            for (Future<?> one : running) {
                one.get();
            }
            return outcome(workers, (System.nanoTime() - begin) / 1e9, kind.roundTrips() - roundTrips);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the lock failed", e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    private static Outcome outcome(List<Worker> workers, double seconds, long roundTrips) {
        Histogram operations = Outcome.histogram();
        Histogram waits = Outcome.histogram();
        long[] perSecond = new long[(int) seconds + 1];
        workers.forEach(worker -> {
            operations.add(worker.operations);
            waits.add(worker.waits);
            for (int second = 0; second < perSecond.length && second < SECONDS; second++) {
                perSecond[second] += worker.perSecond[second];
            }
        });
        return new Outcome(
                workers.stream().mapToLong(worker -> worker.ran).sum(),
                workers.stream().mapToLong(worker -> worker.refused).sum(),
                workers.stream().mapToLong(worker -> worker.violations).sum(),
                seconds,
                workers.stream()
                        .mapToLong(worker -> worker.ran + worker.refused)
                        .toArray(),
                perSecond,
                Outcome.text(operations),
                Outcome.text(waits),
                roundTrips);
    }

    /** One thread. The body of its sections is a method of this class. */
    private final class Worker implements Runnable {

        private final int thread;
        private final long begin;
        private final Turns turns;
        private final Histogram operations = Outcome.histogram();
        private final Histogram waits = Outcome.histogram();
        private final long[] perSecond = new long[SECONDS];
        private final boolean shared = task.mode() == Mode.SHARED;
        private final Runnable body = this::body;
        private long ran;
        private long refused;
        private long violations;

        /** The ledger pair of the requested section. */
        private int pair;

        private long seen;
        private long requestedNanos;

        private long random;

        Worker(int thread, long begin, Turns turns) {
            this.thread = thread;
            this.begin = begin;
            this.turns = turns;
            // xorshift must not start at 0
            random = 1 + thread + 1_000L * task.jvm();
        }

        @Override
        public void run() {
            try {
                repeat();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                kind.threadEnds();
            }
        }

        private void repeat() throws Exception {
            long nanos = task.millis() * 1_000_000;
            long most = task.times() == 0 ? Long.MAX_VALUE : task.times();
            for (long now = System.nanoTime(); now - begin < nanos && ran + refused < most; ) {
                if (turns != null) {
                    if (!turns.await()) {
                        return;
                    }
                    now = System.nanoTime();
                }
                long after = once(now);
                perSecond[(int) ((after - begin) / 1_000_000_000) % SECONDS]++;
                now = after;
                if (turns != null) {
                    turns.pass();
                }
            }
        }

        private long once(long now) throws Exception {
            Section section = next();
            seen = ledger.begun(pair);
            requestedNanos = now;
            if (!section.run(body)) {
                refused++;
            }
            long after = System.nanoTime();
            Outcome.record(operations, after - now);
            return after;
        }

        private Section next() {
            switch (task.keys()) {
                case ONE:
                    return sections.get(0);
                case RANDOM:
                    random ^= random << 13;
                    random ^= random >>> 7;
                    random ^= random << 17;
                    pair = (int) (random >>> 1) % sections.size();
                    pair = Math.abs(pair);
                    return sections.get(pair);
                default:
                    // no other thread uses this pair
                    pair = 128 * (1 + task.jvm()) + thread;
                    return section(task.name() + task.jvm() + "-" + thread + "-" + (ran + refused));
            }
        }

        private void body() {
            ran++;
            long begun = ledger.begun(pair);
            if (shared) {
                read(begun);
                return;
            }
            if (begun != seen) {
                Outcome.record(waits, System.nanoTime() - requestedNanos);
            }
            ledger.begin(pair);
            dwell();
            ledger.end(pair);
        }

        private void read(long begun) {
            if (begun != ledger.ended(pair)) {
                violations++;
            }
            dwell();
            if (begun != ledger.begun(pair)) {
                violations++;
            }
        }

        private void dwell() {
            if (task.sectionMicros() == 0) {
                return;
            }
            long nanos = task.sectionMicros() * 1_000;
            if (task.asleep()) {
                try {
                    Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return;
            }
            for (long from = System.nanoTime(); System.nanoTime() - from < nanos; ) {
                Thread.onSpinWait();
            }
        }
    }
}
