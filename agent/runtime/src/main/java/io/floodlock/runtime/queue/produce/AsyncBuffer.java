package io.floodlock.runtime.queue.produce;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.result.ResultReceiver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one queue that are stored in the background, until Redis has confirmed them. {@link Producer} has one.
 * Thread-safe.
 */
final class AsyncBuffer {

    /*
     * No caller waits for these calls. So while there are some, a tick does what callers do otherwise: it repeats steps
     * that were lost to an Error, and gives up calls whose deadline has passed.
     */

    static final int MOST_CALLS = 16_384;
    static final long MOST_BYTES = 16 << 20;

    private static final Logger log = LoggerFactory.getLogger(AsyncBuffer.class);
    private static final long TICK_MS = 250;

    private final String queue;
    private final ResultReceiver results;
    private final ScheduledExecutorService timer;
    private final Runnable proceed;
    private final Function<OutgoingCall, FloodlockFailure> giveUp;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition removed = lock.newCondition();

    /** In the order in which they were made. */
    @GuardedBy("lock")
    private final Set<OutgoingCall> calls = new LinkedHashSet<>();

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private boolean ticking;

    /** Calls that nobody waits for, and that could not be stored, since the last line in the log. */
    @GuardedBy("lock")
    private int lost;

    @GuardedBy("lock")
    private Throwable whyLost;

    /**
     * @param proceed sends what can be sent
     * @param giveUp ends the attempts to store a call; returns the failure of one that may be stored
     */
    AsyncBuffer(
            String queue,
            ResultReceiver results,
            ScheduledExecutorService timer,
            Runnable proceed,
            Function<OutgoingCall, FloodlockFailure> giveUp) {
        this.queue = queue;
        this.results = results;
        this.timer = timer;
        this.proceed = proceed;
        this.giveUp = giveUp;
    }

    /**
     * Adds a call, which the caller sends next.
     *
     * @param roomBy until when to wait for room, as {@link System#nanoTime()}
     * @throws FloodlockFailure QUEUE_FULL if there is none by then, UNAVAILABLE if the thread is interrupted
     */
    void add(OutgoingCall call, long roomBy) {
        lock.lock();
        try {
            while (calls.size() >= MOST_CALLS || bytes >= MOST_BYTES) {
                long left = roomBy - System.nanoTime();
                if (left <= 0) {
                    throw Failure.QUEUE_FULL.because("This JVM holds " + calls.size() + " calls for queue " + queue
                            + " that Redis has not confirmed yet, and keeps no more");
                }
                removed.awaitNanos(left);
            }
            calls.add(call);
            bytes += call.content.weight();
            if (!ticking) {
                ticking = true;
                later();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.UNAVAILABLE.because(
                    "A call for queue " + queue + " was not stored: interrupted while waiting for room", e);
        } finally {
            lock.unlock();
        }
        call.stored.whenComplete((stored, failure) -> ended(call, failure));
    }

    /** Removes a call that is not sent. */
    void remove(OutgoingCall call) {
        lock.lock();
        try {
            if (calls.remove(call)) {
                bytes -= call.content.weight();
                removed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void ended(OutgoingCall call, Throwable failure) {
        remove(call);
        if (failure == null) {
            return;
        }
        Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
        if (call.expected != null && why instanceof FloodlockFailure known) {
            results.forget(call.id);
            call.expected.executor().execute(() -> call.expected.failed(known));
            return;
        }
        lock.lock();
        try {
            lost++;
            whyLost = why;
        } finally {
            lock.unlock();
        }
    }

    private void later() {
        try {
            timer.schedule(this::tick, TICK_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // this JVM ends
        }
    }

    private void tick() {
        try {
            proceed.run();
            for (OutgoingCall call : overdue()) {
                FloodlockFailure unknown = giveUp.apply(call);
                call.stored.completeExceptionally(unknown);
            }
            report();
        } finally {
            goOn();
        }
    }

    private void goOn() {
        lock.lock();
        try {
            ticking = !calls.isEmpty() || lost > 0;
            if (ticking) {
                later();
            }
        } finally {
            lock.unlock();
        }
    }

    private List<OutgoingCall> overdue() {
        List<OutgoingCall> overdue = new ArrayList<>();
        long now = System.nanoTime();
        lock.lock();
        try {
            for (OutgoingCall call : calls) {
                if (call.deadline - now > 0) {
                    break;
                }
                overdue.add(call);
            }
        } finally {
            lock.unlock();
        }
        return overdue;
    }

    private void report() {
        int count;
        Throwable why;
        lock.lock();
        try {
            count = lost;
            why = whyLost;
            lost = 0;
            whyLost = null;
        } finally {
            lock.unlock();
        }
        if (count > 0) {
            log.error("{} calls for queue {} are lost: {}", count, queue, why.getMessage());
        }
    }

    void awaitEmpty(long nanos) {
        long deadline = System.nanoTime() + nanos;
        lock.lock();
        try {
            for (long left = nanos; !calls.isEmpty() && left > 0; left = deadline - System.nanoTime()) {
                removed.awaitNanos(left);
            }
            if (!calls.isEmpty()) {
                log.error(
                        "This JVM ends with {} calls for queue {} that Redis has not confirmed; they are lost unless"
                                + " Redis has them",
                        calls.size(),
                        queue);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
