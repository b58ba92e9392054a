package io.floodlock.runtime.queue.consume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.inbox.Inbox;
import io.floodlock.runtime.queue.inbox.InboxBatch;
import io.floodlock.runtime.queue.inbox.InboxEntry;
import io.floodlock.runtime.queue.inbox.InboxRecord;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.lane.LaneCall;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxScope;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The inbox of one queue, made at its first call that has a transaction: a Java runtime without the module java.sql,
 * where no method has one, can't load the classes of inboxes. {@link QueueConsumer} has one. Thread-safe.
 */
final class LazyInbox {

    private final Supplier<Inbox> make;

    @GuardedBy("this")
    private Inbox made;

    LazyInbox(Supplier<Inbox> make) {
        this.make = make;
    }

    /** The record of a run of the call. */
    InboxEntry entry(LaneCall call) {
        return get().entry(call.id(), call.lane().number(), call.epoch());
    }

    /** The record of a run of these calls of one lane. */
    InboxBatch batch(List<LaneCall> calls) {
        LaneCall first = calls.get(0);
        return get().batch(
                        calls.stream().map(LaneCall::id).toList(), first.lane().number(), first.epoch());
    }

    /** See {@link Inbox#enter}. */
    TxScope enter(TxAttributes attributes, InboxRecord recorded) {
        return get().enter(attributes, recorded);
    }

    private synchronized Inbox get() {
        if (made == null) {
            made = make.get();
        }
        return made;
    }

    private synchronized Inbox ifMade() {
        return made;
    }

    /** Deletes old records; see {@link Inbox#clean}. */
    void clean(Collection<Lane> owned) {
        Inbox known = ifMade();
        if (known != null) {
            known.clean(owned);
        }
    }
}
