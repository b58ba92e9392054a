package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.thread.StackRoom;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stores the calls of one queue for this JVM. {@link #store} returns once Redis has confirmed the call, and many
 * callers share one request. A call that fails before it was packed is certainly not stored; a call that was packed
 * may be.
 *
 * <p>{@code StoredQueueEngine} creates it, {@code QueueSite} stores calls with it. Thread-safe. Read
 * {@link EntrySender} next.
 */
public final class Producer {

    private static final long LOOK_MS = 250;

    /** More than all steps of a request take until another thread does them. */
    private static final int STACK_BYTES = 48_000;

    private final String queue;
    private final CallStore store;
    private final ResultReceiver results;
    private final ReentrantLock lock = new ReentrantLock();
    private final SendBuffer waiting = new SendBuffer();
    private final EntrySender sender;
    private final AsyncBuffer unconfirmed;
    private boolean closed;

    /** @param sequences numbers the entries of this session; shared by the producers of all queues */
    public Producer(
            String queue,
            CallStore store,
            UUID session,
            AtomicLong sequences,
            ResultReceiver results,
            ScheduledExecutorService timer) {
        this.queue = queue;
        this.store = store;
        this.results = results;
        this.sender = new EntrySender(queue, store, session, sequences, results, timer, lock, waiting);
        this.unconfirmed = new AsyncBuffer(queue, results, timer, () -> sender.proceed(false), this::giveUp);
    }

    /**
     * Stores the call and returns once Redis has confirmed it. Blocks until then, or until the call's deadline. An
     * interrupt does not end the wait for the confirmation; the thread's interrupt status is then set on return.
     *
     * @param capacity most unfinished calls in the queue; {@link Integer#MAX_VALUE} for no limit
     * @param rejectWhenFull whether to fail when the queue is full, instead of waiting until the deadline
     * @throws FloodlockFailure QUEUE_FULL or UNAVAILABLE (the call is not stored), or ENQUEUE_UNKNOWN (it may be
     *     stored)
     */
    public void store(OutgoingCall call, int capacity, boolean rejectWhenFull) {
        // a stack overflow between two steps would lose a request
        StackRoom.require(STACK_BYTES, false);
        sender.room().await(call.deadline, capacity, rejectWhenFull);
        send(call);
        awaitStored(call);
    }

    /**
     * Stores the call in the background, until its deadline. Blocks only while the queue is full, or this JVM holds too
     * many calls that Redis has not confirmed. A failure is given to the call's listener, or to the log.
     *
     * @param roomBy until when to wait, as {@link System#nanoTime()}
     * @throws FloodlockFailure QUEUE_FULL or UNAVAILABLE (the call is not stored)
     */
    public void storeLater(OutgoingCall call, long roomBy, int capacity, boolean rejectWhenFull) {
        StackRoom.require(STACK_BYTES, false);
        sender.room().await(roomBy, capacity, rejectWhenFull);
        unconfirmed.add(call, rejectWhenFull ? System.nanoTime() : roomBy);
        try {
            send(call);
        } catch (FloodlockFailure e) {
            unconfirmed.remove(call);
            throw e;
        }
    }

    private void send(OutgoingCall call) {
        List<Runnable> steps;
        lock.lock();
        try {
            if (closed) {
                throw Failure.UNAVAILABLE.because(
                        "A call for queue " + queue + " was not stored: Floodlock is shutting down.");
            }
            waiting.add(call);
            steps = sender.next(false);
        } finally {
            lock.unlock();
        }
        steps.forEach(Runnable::run);
    }

    private void awaitStored(OutgoingCall call) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left = Math.max(0, call.deadline - System.nanoTime());
                    call.stored.get(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MS)), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    // keep waiting: leaving now would lose the answer whether the call is stored
                    interrupted = true;
                } catch (TimeoutException e) {
                    if (call.deadline - System.nanoTime() > 0) {
                        // in case that a step was lost to an Error, or that another lane may take the call by now
                        sender.proceed(false);
                        continue;
                    }
                    FloodlockFailure unknown = giveUp(call);
                    if (!call.stored.isDone()) {
                        throw unknown;
                    }
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof FloodlockFailure failure) {
                        throw failure;
                    }
                    throw store.explain(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Fails the call if it is not packed yet, as it is then certainly not stored.
     *
     * @return the failure of a call that may be stored
     */
    private FloodlockFailure giveUp(OutgoingCall call) {
        lock.lock();
        try {
            FloodlockFailure problem = sender.problem();
            if (waiting.remove(call)) {
                String why = problem == null
                        ? "Redis at " + store.address() + " did not answer in time."
                        : problem.getMessage();
                call.fail(sender.notStored(why, problem));
            } else if (!call.stored.isDone() && call.expected != null) {
                results.forget(call.id);
            }
            return Failure.ENQUEUE_UNKNOWN.because(
                    "Redis at " + store.address() + " did not confirm call " + call.id + " of queue " + queue
                            + " in time. It may be stored and may still run; calling again makes a second call."
                            + (problem == null ? "" : " The last problem: " + problem.getMessage()),
                    problem);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the calls that are stored in the background are confirmed.
     *
     * @param nanos the longest time to wait
     */
    public void flush(long nanos) {
        unconfirmed.awaitEmpty(nanos);
    }

    /** Accepts no more calls. Calls under way end at their deadlines. */
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
