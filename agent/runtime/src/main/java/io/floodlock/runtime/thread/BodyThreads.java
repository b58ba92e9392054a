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
 * Runs the application's code on the agent's threads: a few, however many tasks there are at once, and one more for
 * each that is stuck. So a task that waits for a later task in the queue is no deadlock. Tasks begin in the order in
 * which they were given. Threads end when idle for ten seconds. Thread-safe.
 *
 * <p>Asynchronous acquisitions call their listeners on it. The comment below has the thread states, the bounds and
 * the races.
 */
public final class BodyThreads implements Executor {

    /*
     * A task may wait for anything: for a lock whose holder's next step is queued here, or for the result of a task
     * that waits in such a way. So no fixed number of threads is enough. But a thread for each task at once,
     * thousands when a writer lets its readers in, is too many for any machine. Therefore each thread is in one of
     * three states:
     *
     *   FRESH   its task has begun less than `patience` ago. There are at most `atOnce` of these.
     *   STUCK   its task runs for longer. It doesn't count: another task may begin. Whether the task computes or waits
     *           can't be told (a thread in a driver's read looks like one that computes), and makes little difference.
     *   IDLE    it has no task. As long as tasks wait there is at least one: it notices that a thread has become stuck,
     *           as all other threads may be stuck.
     *
     * So there are never more than atOnce + 1 threads plus one for each stuck task, and the stuck ones increase by at
     * most atOnce in each `patience`. There may be an upper limit on all of them too, for work that should not wait for
     * later work: at the limit tasks wait until one ends. Without a limit, a chain of tasks, each of which waits for
     * the next one, advances at the same rate: a task waits at most for `patience` times the number of tasks before it,
     * divided by atOnce, however long these take. If no task is ever stuck, as it should be with work that goes on in
     * stages, there are atOnce + 1 threads.
     *
     * Races, all decided under the mutex:
     *   a task is given while a thread is   the thread is woken, checks, and takes the task if one more may begin.
     *   idle                                Otherwise it waits until the oldest fresh task becomes stuck, or until a
     *                                       task ends and its thread checks itself
     *   a task is given while none is idle  a thread is made, which checks as above
     *   an idle thread takes a task, more   a new thread is made to be idle in its place
     *   tasks wait, none is idle now
     *   a thread has been idle for ten      it ends if no task waits; a task given meanwhile finds none idle
     *   seconds
     *   no thread can be made               for a task just given: the task is refused, and its giver tries again.
     *                                       In place of an idle thread: the running threads take the waiting tasks as
     *                                       they end, and the next task given tries again to make a thread
     */

    private static final Logger LOG = LoggerFactory.getLogger(BodyThreads.class);
    private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final ThreadFactory threads;
    private final int atOnce;
    private final int most;
    private final long patience;

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition changed = mutex.newCondition();
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    /** When each running task began, by its thread. */
    private final Map<Thread, Long> began = new HashMap<>();

    private int idle;
    private boolean closed;

    /** @param name the name of the first thread; later ones get a number */
    public BodyThreads(String name) {
        this(
                new AgentThreads(name),
                Math.max(8, 4 * Runtime.getRuntime().availableProcessors()),
                Integer.MAX_VALUE,
                PATIENCE);
    }

    /**
     * @param name the name of the first thread; later ones get a number
     * @param atOnce how many tasks may be fresh at once
     * @param most how many tasks may run at once, stuck ones included
     */
    public BodyThreads(String name, int atOnce, int most) {
        this(new AgentThreads(name), atOnce, most, PATIENCE);
    }

    BodyThreads(ThreadFactory threads, int atOnce, int most, Duration patience) {
        this.threads = threads;
        this.atOnce = atOnce;
        this.most = most;
        this.patience = patience.toNanos();
    }

    /** How many tasks may be fresh at once; by default four for each processor, at least 8. */
    public int atOnce() {
        return atOnce;
    }

    /**
     * Queues a task; never blocks.
     *
     * @throws OutOfMemoryError if there is no thread for it and none could be made; it won't run
     * @throws RejectedExecutionException after {@link #shutdown}
     */
    @Override
    public void execute(Runnable task) {
        add(task, false);
    }

    /** As {@link #execute}, but before all waiting tasks: for a task that reports an end which has happened already. */
    public void executeFirst(Runnable task) {
        add(task, true);
    }

    private void add(Runnable task, boolean first) {
        mutex.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("The thread pool is shut down and accepts no more tasks");
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
            if (began.size() >= most) {
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

    /** Accepts no new task; waiting tasks still run. */
    public void shutdown() {
        mutex.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Makes a thread, under the mutex. It counts as idle at once, so that no second one is made before it has
     * checked.
     */
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
                report(e);
            }
            ended();
        }
    }

    /** As {@link #next}, but survives a full heap. */
    private Runnable found() {
        while (true) {
            try {
                return next();
            } catch (OutOfMemoryError e) {
                // no task has been taken
                Thread.onSpinWait();
            }
        }
    }

    private static void report(Throwable failure) {
        try {
            LOG.error("A task failed on an agent thread; its pool goes on", failure);
        } catch (Throwable noMemory) {
            // no memory even for a log line
        }
    }

    private void ended() {
        // an interrupt of one task must not reach the next one
        Thread.interrupted();
        mutex.lock();
        try {
            began.remove(Thread.currentThread());
            idle++;
        } finally {
            mutex.unlock();
        }
    }

    /** The next task, or null if the thread must end. The calling thread counts as idle. */
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
            } else if (began.size() < most) {
                startAnother();
            }
        }
        return task;
    }

    private void startAnother() {
        try {
            start();
        } catch (OutOfMemoryError e) {
            // the running threads take the waiting tasks
        }
    }

    /** Whether tasks wait until a stuck one ends, as the upper limit is reached. */
    public boolean isFull() {
        mutex.lock();
        try {
            return began.size() >= most && !waiting.isEmpty();
        } finally {
            mutex.unlock();
        }
    }

    /** Nanoseconds until another task may begin, provided that no task ends before. */
    private long untilOneMore(long now) {
        if (began.size() >= most) {
            return Long.MAX_VALUE;
        }
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
            // the interrupt was meant for a task that has ended
        }
    }
}
