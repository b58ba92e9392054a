package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.queue.inbox.InboxEntry;
import io.floodlock.runtime.queue.lane.LaneCall;
import io.floodlock.runtime.queue.method.ConsumedCall;
import io.floodlock.runtime.queue.method.QueueRegistry;
import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.runtime.queue.method.TargetMissingException;
import io.floodlock.runtime.queue.payload.IncompatibleCallException;
import io.floodlock.runtime.queue.payload.PayloadErrors;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.record.ParkedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls: it reads their content, finds the method and its target, and calls the body. {@link CallDispatcher} calls
 * it on its workers, without locks. After an exception here the lane is given up, and its next owner finds the calls in
 * Redis. Thread-safe. Read {@link CallOutcomes} and {@link BatchRun} next.
 */
final class CallRun {

    private static final Logger log = LoggerFactory.getLogger(CallRun.class);
    private static final long REDIS_PATIENCE_S = 30;
    private static final long PAUSED_LOOK_MS = 1_000;

    private final QueueRegistry queue;
    private final QueueConsumer consumer;
    private final QueueConsumer.Shared shared;
    private final CallOutcomes outcomes;
    private final BatchRun batches;

    CallRun(QueueRegistry queue, QueueConsumer consumer, LazyInbox inbox, QueueConsumer.Shared shared) {
        this.queue = queue;
        this.consumer = consumer;
        this.shared = shared;
        this.outcomes = new CallOutcomes(queue.name(), consumer, inbox, shared);
        this.batches = new BatchRun(inbox, outcomes, shared);
    }

    /**
     * Runs a call, or several of one method and lane together.
     *
     * @return whether the run is over; if not, {@link QueueConsumer#asyncEnded()} is called when it is
     */
    boolean run(List<LaneCall> calls) {
        LaneCall first = calls.get(0);
        PreparedCall head = prepareOrGiveUp(first);
        // another class loader may have an older form of the method, without batches
        boolean batched = head != null && head.site().isBatched();
        List<PreparedCall> ready = batched ? prepareOthers(head, calls) : List.of();
        calls.subList(Math.max(1, ready.size()), calls.size()).forEach(outcomes::release);
        if (batched) {
            batches.run(ready);
            return true;
        }
        try {
            return head == null || body(head);
        } catch (Throwable e) {
            giveUp(first, e);
            return true;
        }
    }

    private PreparedCall prepareOrGiveUp(LaneCall call) {
        try {
            return prepare(call);
        } catch (Throwable e) {
            giveUp(call, e);
            return null;
        }
    }

    /** The lane has ended or ends now, as Redis can't be reached; its next owner finds the call in Redis. */
    private void giveUp(LaneCall call, Throwable why) {
        log.debug("A call of queue {} could not be run; the next owner of its lane runs it", queue.name(), why);
        outcomes.over(call);
        call.abandon("a call of it could not be run: " + PayloadErrors.reason(why));
    }

    /** The calls that run together with the first, up to one that has to be handled by itself. */
    private List<PreparedCall> prepareOthers(PreparedCall head, List<LaneCall> calls) {
        List<PreparedCall> ready = new ArrayList<>();
        ready.add(head);
        for (LaneCall call : calls.subList(1, calls.size())) {
            if (untilReady(call) > 0) {
                return ready;
            }
            try {
                Object[] arguments = head.site().decode(call.content().payload());
                ready.add(new PreparedCall(call, head.site(), head.target(), arguments));
            } catch (IncompatibleCallException | RuntimeException | Error e) {
                // it says so itself when it is the first
                return ready;
            }
        }
        return ready;
    }

    /** Null if the call can't run; that is recorded then. */
    private PreparedCall prepare(LaneCall call) throws Exception {
        if (call.content() == null) {
            byte[] record = call.record().get(REDIS_PATIENCE_S, TimeUnit.SECONDS);
            if (record == null) {
                throw new IllegalStateException("a parked call is missing in Redis");
            }
            ParkedRecord found = ParkedRecord.fromBytes(record);
            if (!call.fetched(found)) {
                shared.isolation().exit(call.pass());
                return null;
            }
        }
        if (untilReady(call) > 0) {
            consumer.delayed(call, untilReady(call));
            outcomes.over(call);
            return null;
        }
        QueueSite site = queue.site(call.content().name(), shared.instances());
        if (site == null) {
            outcomes.unhandled(call, "this JVM has no such method");
            return null;
        }
        if (call.attempts().areUsedUp(site.method().attempts())) {
            outcomes.buryUnlessRecorded(
                    call,
                    site,
                    call.attempts(),
                    "its JVM died " + call.attempts().crashes() + " times while it ran",
                    null);
            return null;
        }
        PreparedCall prepared = decode(call, site);
        if (prepared != null) {
            consumer.able(call.content().name());
            if (call.isSuspect()) {
                call.announce().get(REDIS_PATIENCE_S, TimeUnit.SECONDS);
            }
        }
        return prepared;
    }

    /** The time after which a call that must not start now is looked at again, in ms. */
    private long untilReady(LaneCall call) {
        return consumer.isPaused(call.content().key())
                ? PAUSED_LOOK_MS
                : call.content().due() - consumer.wallMillis();
    }

    private PreparedCall decode(LaneCall call, QueueSite site) {
        try {
            Object[] arguments = site.decode(call.content().payload());
            return new PreparedCall(call, site, site.target(shared.instances()), arguments);
        } catch (TargetMissingException e) {
            queue.waiting().holds(site, e);
            outcomes.unhandled(call, null);
        } catch (IncompatibleCallException e) {
            outcomes.unhandled(call, e.getMessage());
        } catch (MalformedRecordException e) {
            outcomes.buryUnlessRecorded(call, site, call.attempts(), e.getMessage(), null);
        } catch (RuntimeException | Error e) {
            // constructors and setters of the payload's classes and the container are the application's code
            outcomes.unhandled(
                    call, "its arguments can't be read or its target can't be found: " + PayloadErrors.reason(e));
        }
        return null;
    }

    private boolean body(PreparedCall prepared) {
        LaneCall call = prepared.call();
        QueueSite site = prepared.site();
        InboxEntry recorded = outcomes.entry(call, site);
        ConsumedCall run = site.run(prepared.target(), prepared.arguments(), recorded);
        BodyRun.End end = new BodyRun.End() {
            @Override
            public void settle(Object value, Throwable thrown) {
                outcomes.settle(call, site, recorded, value, run.over(thrown));
            }

            @Override
            public void over() {
                consumer.asyncEnded();
            }
        };
        return new BodyRun(site.method().timeout(), site.loader(), shared.timer(), shared.handOff(), end)
                .run(() -> site.inContext(call.content().context(), run::call));
    }
}
