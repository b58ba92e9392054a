package io.floodlock.runtime.queue.result;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.ResultChannel;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Receives the results of this JVM's calls. The consumer of a call stores the result in a hash of this session, for ten
 * minutes, and publishes a hint. The hint may be lost, so this class also reads the hash each second and after every
 * resubscription while calls are outstanding. If a result is overdue, it looks up the fate of the call in its lane. So
 * a future also ends if Redis has lost the call, or if the result expired while this JVM was away. Thread-safe.
 */
public final class ResultReceiver {

    /** Receives the outcome of one call; called on its executor, as it runs the application's code. */
    public interface ResultListener {

        Executor executor();

        void outcome(CallId id, CallOutcome outcome);

        /** No result will arrive. */
        void failed(RuntimeException why);
    }

    /** A call without a result so far. Its entry is known once Redis has confirmed the call. */
    private static final class AwaitedResult {

        final CallId id;
        final ResultListener expected;
        CallStore store;
        int stream;
        int lane;
        Position entry;
        long lookUpAt;
        boolean over;

        AwaitedResult(CallId id, ResultListener expected) {
            this.id = id;
            this.expected = expected;
        }
    }

    private static final long LOOK_MS = 1_000;
    private static final int LOOKUPS_AT_ONCE = 100;

    private final UUID session;
    private final ResultChannel channel;
    private final ScheduledExecutorService timer;
    private final long patienceNanos;
    private final Map<String, AwaitedResult> outstanding = new ConcurrentHashMap<>();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicInteger hints = new AtomicInteger();

    /** @param patience interval between two lookups of the fate of an outstanding call */
    public ResultReceiver(UUID session, ResultChannel channel, ScheduledExecutorService timer, Duration patience) {
        this.session = session;
        this.channel = channel;
        this.timer = timer;
        this.patienceNanos = patience.toNanos();
    }

    /** Must be called before the call can run. */
    public void expect(CallId id, ResultListener expected) {
        outstanding.put(id.toString(), new AwaitedResult(id, expected));
        if (listening.compareAndSet(false, true)) {
            channel.listen(session, this::look).whenComplete((done, failure) -> {
                if (failure != null) {
                    listening.set(false);
                }
            });
        }
        if (looking.compareAndSet(false, true)) {
            timer.scheduleWithFixedDelay(this::readAndLookUp, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Redis has confirmed the call, in this entry. */
    public void stored(CallId id, CallStore store, int stream, int lane, Position entry) {
        AwaitedResult call = outstanding.get(id.toString());
        if (call != null) {
            synchronized (call) {
                call.store = store;
                call.stream = stream;
                call.lane = lane;
                call.entry = entry;
                call.lookUpAt = System.nanoTime() + patienceNanos;
            }
        }
    }

    public void forget(CallId id) {
        if (id != null) {
            outstanding.remove(id.toString());
        }
    }

    /** Delivers the outcome of a call that ran in this JVM, without Redis. */
    public void deliver(CallId id, CallOutcome outcome) {
        AwaitedResult call = outstanding.remove(id.toString());
        if (call != null) {
            call.expected.executor().execute(() -> call.expected.outcome(id, outcome));
        }
    }

    private void look() {
        if (!outstanding.isEmpty() && hints.getAndIncrement() == 0) {
            read();
        }
    }

    private void readAndLookUp() {
        look();
        long now = System.nanoTime();
        int lookups = 0;
        for (AwaitedResult call : outstanding.values()) {
            synchronized (call) {
                if (call.entry == null || call.lookUpAt - now > 0 || lookups == LOOKUPS_AT_ONCE) {
                    continue;
                }
                lookups++;
                call.lookUpAt = now + patienceNanos;
            }
            lookUp(call);
        }
    }

    private void lookUp(AwaitedResult call) {
        call.store.fate(call.id, call.stream, call.lane, call.entry).thenAccept(fate -> fateKnown(call, fate));
    }

    private void fateKnown(AwaitedResult call, CallStore.Fate fate) {
        if (fate == CallStore.Fate.LOST) {
            fail(
                    call,
                    Failure.ENQUEUE_UNKNOWN.because("Redis has lost call " + call.id
                            + ", which it had confirmed: a restart or failover of Redis has lost data. The call may"
                            + " have run; calling again makes a second call."));
        } else if (fate == CallStore.Fate.OVER) {
            boolean second;
            synchronized (call) {
                second = call.over;
                call.over = true;
            }
            // the result may have arrived after the last read, so the next read comes first
            if (second) {
                fail(
                        call,
                        Failure.REMOTE_BODY.because("Call " + call.id
                                + " has ended, but its result is gone: it is kept for ten minutes, and this JVM did not"
                                + " read it in that time."));
            }
        }
    }

    private void fail(AwaitedResult call, RuntimeException why) {
        if (outstanding.remove(call.id.toString(), call)) {
            call.expected.executor().execute(() -> call.expected.failed(why));
        }
    }

    private void read() {
        int seen = hints.get();
        channel.take(session, this::found).whenComplete((done, failure) -> {
            if (failure != null) {
                hints.set(0);
            } else if (!hints.compareAndSet(seen, 0)) {
                read();
            }
        });
    }

    private void found(String id, byte[] record) {
        AwaitedResult call = outstanding.remove(id);
        if (call == null) {
            return;
        }
        ResultListener expected = call.expected;
        expected.executor().execute(() -> {
            CallOutcome outcome;
            try {
                outcome = CallOutcome.fromBytes(record);
            } catch (MalformedRecordException e) {
                expected.failed(
                        Failure.PAYLOAD.because("The result of call " + id + " can't be read: " + e.getMessage(), e));
                return;
            }
            expected.outcome(call.id, outcome);
        });
    }

    /** Fails all outstanding calls: this JVM receives no more results. */
    public void close() {
        for (String id : outstanding.keySet()) {
            AwaitedResult call = outstanding.remove(id);
            if (call != null) {
                RuntimeException why = Failure.UNAVAILABLE.because("Floodlock is shutting down. Call " + id
                        + " is stored and will run; this JVM can no longer receive its result.");
                call.expected.executor().execute(() -> call.expected.failed(why));
            }
        }
    }
}
