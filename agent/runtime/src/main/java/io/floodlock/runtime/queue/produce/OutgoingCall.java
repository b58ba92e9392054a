package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.result.ResultReceiver;
import java.util.concurrent.CompletableFuture;

/** A call on its way into the queue. Guarded by its producer's lock, but for {@link #stored}. */
public final class OutgoingCall {

    final CallRecord content;

    /** Against {@link System#nanoTime()}. */
    final long deadline;

    /** Ends when Redis has confirmed the call, or with the failure. */
    final CompletableFuture<Void> stored = new CompletableFuture<>();

    /** What awaits the call's result; null for none. */
    final ResultReceiver.ResultListener expected;

    /** Null until the call is packed. */
    CallId id;

    public OutgoingCall(CallRecord content, long deadline, ResultReceiver.ResultListener expected) {
        this.content = content;
        this.deadline = deadline;
        this.expected = expected;
    }

    void fail(FloodlockFailure failure) {
        stored.completeExceptionally(failure);
    }
}
