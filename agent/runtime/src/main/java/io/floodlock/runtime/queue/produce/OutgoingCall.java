package io.floodlock.runtime.queue.produce;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.result.ResultReceiver;
import java.util.concurrent.CompletableFuture;

/**
 * A call that is to be stored, until Redis has confirmed it. {@code QueueSite} makes it, {@link Producer} packs and
 * sends it. Guarded by its producer's lock, except {@link #stored}.
 */
public final class OutgoingCall {

    final CallRecord content;

    /** As {@link System#nanoTime()}. */
    final long deadline;

    /** Completes when Redis has confirmed the call, or with the failure. */
    final CompletableFuture<Void> stored = new CompletableFuture<>();

    /** Receives the call's result; null if the caller wants none. */
    final ResultReceiver.ResultListener expected;

    /** Known once the call is packed; earlier for a call with a key. */
    int lane;

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
