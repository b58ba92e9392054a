package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.result.ResultReceiver;

/** A call that was made in a transaction, until that has ended. Belongs to the transaction's thread. */
public final class OutboxCall {

    final String queue;
    final CallRecord content;
    final ResultReceiver.ResultListener listener;
    final Runnable direct;
    final Runnable ended;

    /** Set when the call has its number. */
    CallId id;

    /**
     * @param listener receives the outcome; null if nobody waits for one
     * @param direct stores the call at once, where its transaction has used no database
     * @param ended called when the transaction has ended, before anything else
     */
    public OutboxCall(
            String queue, CallRecord content, ResultReceiver.ResultListener listener, Runnable direct, Runnable ended) {
        this.queue = queue;
        this.content = content;
        this.listener = listener;
        this.direct = direct;
        this.ended = ended;
    }
}
