package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.queue.lane.CrashIsolation;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.lane.LaneCall;
import io.floodlock.runtime.queue.lane.LaneHost;
import io.floodlock.runtime.queue.method.QueueRegistry;
import io.floodlock.runtime.queue.payload.PayloadErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the ready calls of one queue's lanes to workers. Each {@link QueueConsumer} has one. Guarded by its consumer's
 * lock, except the work itself.
 */
final class CallDispatcher {

    /*
     * How many workers. A thread that is woken costs several microseconds, which is more than a short body takes, and
     * threads that are woken together contend for the lock. So a worker is woken only if the workers that are quick
     * would need more than SOON_NANOS for the calls that are ready, by the average time of a call. For bodies that take
     * longer, this means a worker for each ready call, up to the limit.
     *
     * A worker counts as quick while its present call has run for less than QUICK_NANOS. So a call does not wait behind
     * a body that blocks: if calls are ready and few workers take them, the dispatcher looks again after WATCH_MS. This
     * is the longest time for which a sudden slow body delays a call while the queue's limit of workers is not reached.
     *
     * `active` counts the runs that are not over, also those whose worker has left a stage that is not complete.
     */

    private static final Logger log = LoggerFactory.getLogger(CallDispatcher.class);

    private static final long SOON_NANOS = 500_000;
    private static final long LEAST_NANOS = 1_000;
    private static final int OUTLIER = 8;
    private static final long QUICK_NANOS = 1_000_000;
    private static final long WATCH_MS = 2;

    /** One run of {@link #work}, with the calls that it runs now and the time at which they began. */
    private static final class Worker {
        private long began = System.nanoTime();
        private List<LaneCall> run;

        Worker(List<LaneCall> run) {
            this.run = run;
        }
    }

    private final QueueRegistry queue;
    private final QueueConsumer.Shared shared;
    private final LaneHost host;
    private final CallRun runs;
    private final Collection<Lane> lanes;

    private final List<Worker> workers = new ArrayList<>();
    private int active;
    private int turn;
    private long averageNanos;
    private boolean stopped;
    private boolean paused;
    private boolean watching;

    /** Whether the last thread for a worker was refused. No other one is asked for until the pause is over. */
    private boolean refused;

    private boolean refusalTold;

    /** @param lanes of the consumer, as they are at any time */
    CallDispatcher(
            QueueRegistry queue, QueueConsumer.Shared shared, LaneHost host, CallRun runs, Collection<Lane> lanes) {
        this.queue = queue;
        this.shared = shared;
        this.host = host;
        this.runs = runs;
        this.lanes = lanes;
    }

    /** The number of runs that are not over. */
    int active() {
        return active;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Starts no more calls. */
    void stop() {
        stopped = true;
    }

    /**
     * Starts no more calls, or goes on.
     *
     * @return whether that changes its state
     */
    boolean pause(boolean value) {
        boolean changed = paused != value;
        paused = value;
        start();
        return changed;
    }

    /** Starts as many workers as the ready calls need. */
    void start() {
        while (isWorkerWanted()) {
            List<LaneCall> run = next();
            if (run.isEmpty()) {
                return;
            }
            Worker worker = new Worker(run);
            workers.add(worker);
            active++;
            try {
                shared.workers().execute(() -> work(worker));
                refusalTold = false;
            } catch (RuntimeException | Error e) {
                workers.remove(worker);
                active--;
                putBack(run, e);
            }
        }
    }

    private boolean isWorkerWanted() {
        if (stopped || paused || refused) {
            return false;
        }
        int ready = 0;
        for (Lane lane : lanes) {
            ready += lane.ready();
        }
        if (ready == 0) {
            return false;
        }
        long now = System.nanoTime();
        int quick = 0;
        for (Worker worker : workers) {
            quick += now - worker.began < QUICK_NANOS ? 1 : 0;
        }
        if (quick > ready * averageNanos / SOON_NANOS) {
            watch();
            return false;
        }
        return active < queue.workers();
    }

    private void watch() {
        if (!watching) {
            watching = true;
            host.later(WATCH_MS, () -> {
                watching = false;
                start();
            });
        }
    }

    /**
     * No thread could be made for the run: its calls are ready again. The workers that run take them, or one that
     * starts after a pause. Their lane is not given up: other JVMs on this machine would meet the same limit, and its
     * calls would become suspects for nothing.
     */
    private void putBack(List<LaneCall> run, Throwable why) {
        refused = true;
        CrashIsolation.Pass pass = run.get(0).pass();
        for (int i = run.size() - 1; i >= 0; i--) {
            run.get(i).lane().putBack(run.get(i));
        }
        if (!refusalTold) {
            refusalTold = true;
            log.warn(
                    "No thread can be made for a call of queue {} ({}). {} of its calls run; the others wait, and the"
                            + " agent tries again each {} ms. {}",
                    queue.name(),
                    PayloadErrors.reason(why),
                    active,
                    PatientExecutor.PAUSE_MS,
                    PatientExecutor.REMEDY);
        }
        shared.timer()
                .schedule(
                        () -> {
                            // without the lock, as it may call the consumers of other queues
                            shared.isolation().exit(pass);
                            host.locked(() -> {
                                refused = false;
                                start();
                            });
                        },
                        PatientExecutor.PAUSE_MS,
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the next call from the lanes in turn, so that no lane waits for another's backlog; and those that run
     * together with it. Empty if none is ready.
     */
    private List<LaneCall> next() {
        List<Lane> all = new ArrayList<>(lanes);
        for (int i = 0; i < all.size(); i++) {
            turn = (turn + 1) % all.size();
            Lane lane = all.get(turn);
            LaneCall call = lane.next();
            if (call != null) {
                int most = call.content() == null
                        ? 1
                        : queue.mostTogether(call.content().name());
                return most == 1 ? List.of(call) : lane.with(call, most);
            }
        }
        return List.of();
    }

    /** Runs calls until none is ready; without the lock. */
    private void work(Worker worker) {
        while (!worker.run.isEmpty()) {
            boolean ended = runs.run(worker.run);
            worker.run = List.of();
            host.locked(() -> worker.run = nextOrRest(worker, ended));
        }
    }

    /** @param ended whether the worker's last run is over; if not, it goes on without the worker */
    private List<LaneCall> nextOrRest(Worker worker, boolean ended) {
        long now = System.nanoTime();
        long took = Math.min(now - worker.began, averageNanos * OUTLIER + LEAST_NANOS);
        averageNanos += (took - averageNanos) / 8;
        List<LaneCall> run = ended && !stopped && !paused ? next() : List.of();
        if (run.isEmpty()) {
            workers.remove(worker);
            active -= ended ? 1 : 0;
        } else {
            worker.began = now;
        }
        start();
        return run;
    }

    /** A run that went on without its worker is over. */
    void asyncEnded() {
        active--;
        start();
    }
}
