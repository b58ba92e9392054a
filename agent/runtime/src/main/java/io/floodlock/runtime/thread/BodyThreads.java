package io.floodlock.runtime.thread;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the application's code on the agent's threads: few, however many tasks there are at once, and as many more as are stuck,
 * so that a task which waits for one behind it is no deadlock. Tasks begin in the order given. Threads end when idle for ten
 * seconds. Thread-safe.
 */
public final class BodyThreads implements Executor {

    /*
     * A task may wait for anything: for a lock whose holder's next step stands in the queue here, or for the result of a task
     * that does. So no fixed number of threads is enough. But threads for all of them at once, thousands as a writer lets its
     * readers in, are too many for any machine. Therefore:
     *
     *   FRESH   a thread whose task has begun less than `patience` ago. There are at most `atOnce` of these.
     *   STUCK   one whose task runs for longer. It doesn't count: another may begin beside it. Whether it computes or waits
     *           can't be told (a thread in a driver's read looks like one that computes), and makes little difference.
     *   IDLE    has no task. As long as tasks wait there is one at least: it is who sees that a thread has become stuck, as
     *           all others may be.
     *
     * So there are never more than atOnce + 1 threads and one for each task that is stuck, and these become more by atOnce in
     * each `patience` at most. A chain of tasks each of which waits for the next one advances as fast: a task waits at most
     * for `patience` times the number of tasks before it, divided by atOnce, however long these take. And where no task is
     * ever stuck, as it should be with work that goes on in stages, there are atOnce + 1 threads.
     *
     * Orderings, all under the mutex:
     *   a task comes while one is idle     it is woken, looks, and takes it if there may be one more; else it waits until the
     *                                      oldest fresh task becomes stuck, or a task ends and its thread looks itself
     *   it comes while none is idle        a thread is made, which looks as above
     *   an idle one takes a task, more     a thread is made to be idle in its place
     *   wait, none is idle now
     *   an idle one has waited for ten     ends if no task waits; a task that comes meanwhile finds none idle
     *   seconds
     *   no thread can be made              for a task just given: it is refused, and who gives it tries again. In place of an
     *                                      idle one: those that run take what waits as they end, and the next task tries again
     */

    private static final Logger LOG = LoggerFactory.getLogger(BodyThreads.class);
    private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ThreadFactory threads;
    private final int atOnce;
    private final long patience;

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition changed = mutex.newCondition();
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    /** When each running task began, by its thread. */
    private final Map<Thread, Long> began = new HashMap<>();

    private int idle;
    private boolean closed;

    /** @param name of the first thread; later ones get a number */
    public BodyThreads(String name) {
        this(
                new AgentThreads(name),
                Math.max(8, 4 * Runtime.getRuntime().availableProcessors()),
                Duration.ofMillis(250));
    }

    BodyThreads(ThreadFactory threads, int atOnce, Duration patience) {
        this.threads = threads;
        this.atOnce = atOnce;
        this.patience = patience.toNanos();
    }

    /** How many tasks may be fresh at once. */
    public int atOnce() {
        return atOnce;
    }

    /**
     * Never blocks.
     *
     * @throws OutOfMemoryError if there is no thread for it and none could be made; it won't run
     */
    @Override
    public void execute(Runnable task) {
        add(task, false);
    }

    /** As {@link #execute}, before all that waits: for what tells of an end that has come already. */
    public void executeFirst(Runnable task) {
        add(task, true);
    }

    private void add(Runnable task, boolean first) {
        mutex.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("shut down");
            }
            if (first) {
                waiting.addFirst(task);
            } else {
                waiting.addLast(task);
            }
            if (idle > 0) {
                changed.signal();
                return;
            }
            try {
                start();
            } catch (Throwable e) {
                waiting.removeIf(each -> each == task);
                throw e;
            }
        } finally {
            mutex.unlock();
        }
    }

    /** What waits still runs; nothing is taken any more. */
    public void shutdown() {
        mutex.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            mutex.unlock();
        }
    }

    /** Under the mutex: it counts as idle at once, so that no second one is made before it has looked. */
    private void start() {
        Thread thread = threads.newThread(this::run);
        idle++;
        try {
            thread.start();
        } catch (Throwable e) {
            idle--;
            throw e;
        }
    }

    private void run() {
        for (Runnable task = found(); task != null; task = found()) {
            try {
                task.run();
            } catch (Throwable e) {
                tell(e);
            }
            ended();
        }
    }

    /** As {@link #next}, however full the heap is. */
    private Runnable found() {
        while (true) {
            try {
                return next();
            } catch (OutOfMemoryError e) {
                // nothing has been taken
                Thread.onSpinWait();
            }
        }
    }

    private static void tell(Throwable failure) {
        try {
            LOG.error("What the agent ran failed", failure);
        } catch (Throwable noMemory) {
            // not even for a log line
        }
    }

    private void ended() {
        // a body's own interrupt is not the next one's
        Thread.interrupted();
        mutex.lock();
        try {
            began.remove(Thread.currentThread());
            idle++;
        } finally {
            mutex.unlock();
        }
    }

    /** Null where the thread is to end. It is idle as it calls this. */
    private Runnable next() {
        mutex.lock();
        try {
            long sinceIdle = System.nanoTime();
            while (true) {
                long now = System.nanoTime();
                long left = KEEP_NANOS - (now - sinceIdle);
                if (!waiting.isEmpty()) {
                    left = untilOneMore(now);
                    if (left <= 0) {
                        return take();
                    }
                } else if (closed || left <= 0) {
                    idle--;
                    return null;
                }
                await(left);
            }
        } finally {
            mutex.unlock();
        }
    }

    private Runnable take() {
        began.put(Thread.currentThread(), System.nanoTime());
        Runnable task = waiting.removeFirst();
        idle--;
        if (!waiting.isEmpty()) {
            if (idle > 0) {
                changed.signal();
            } else {
                startAnother();
            }
        }
        return task;
    }

    private void startAnother() {
        try {
            start();
        } catch (OutOfMemoryError e) {
            // those that run take what waits
        }
    }

    /** How long it takes until another task may begin, if none ends before. */
    private long untilOneMore(long now) {
        int fresh = 0;
        long soonest = Long.MAX_VALUE;
        for (long start : began.values()) {
            long left = patience - (now - start);
            if (left > 0) {
                fresh++;
                soonest = Math.min(soonest, left);
            }
        }
        return fresh < atOnce ? 0 : soonest;
    }

    private void await(long nanos) {
        try {
            changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // the task that was meant has ended
        }
    }
}
