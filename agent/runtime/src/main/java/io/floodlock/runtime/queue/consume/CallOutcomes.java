package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.queue.inbox.InboxEntry;
import io.floodlock.runtime.queue.inbox.InboxRecord;
import io.floodlock.runtime.queue.lane.CrashIsolation;
import io.floodlock.runtime.queue.lane.LaneCall;
import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.runtime.queue.method.UnreachedBodyException;
import io.floodlock.runtime.queue.payload.ExceptionText;
import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.queue.record.DeadLetter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what has become of calls that have run: success, another attempt after a pause, or a dead letter. {@link
 * CallRun} and {@link BatchRun} report to it, without locks. A call leaves its lane only after its outcome is safe.
 * Thread-safe.
 */
final class CallOutcomes {

    private static final Logger log = LoggerFactory.getLogger(CallOutcomes.class);

    /** The pause before a call is tried again whose record can't be written or read now. */
    private static final long WAIT_MS = 1_000;

    private final String queue;
    private final QueueConsumer consumer;
    private final LazyInbox inbox;
    private final QueueConsumer.Shared shared;
    private final WaitingCalls waiting = new WaitingCalls();

    CallOutcomes(String queue, QueueConsumer consumer, LazyInbox inbox, QueueConsumer.Shared shared) {
        this.queue = queue;
        this.consumer = consumer;
        this.inbox = inbox;
        this.shared = shared;
    }

    /** The record of a run of the call; null if it has none. */
    InboxEntry entry(LaneCall call, QueueSite site) {
        return site.method().transactional() ? inbox.entry(call) : null;
    }

    /** Ends the run of one call, with its record if it has one. */
    void settle(LaneCall call, QueueSite site, InboxRecord recorded, Object value, Throwable thrown) {
        if (recorded == null || recorded.state() == InboxRecord.State.NOT_RECORDED) {
            settle(call, site, value, thrown);
        } else {
            settle(call, site, recorded, thrown);
        }
    }

    /** Ends a run whose record says what has become of the call, whatever the run itself has ended with. */
    private void settle(LaneCall call, QueueSite site, InboxRecord recorded, Throwable thrown) {
        try {
            switch (recorded.state()) {
                case RECORDED -> {
                    waiting.continues(call.id());
                    ran(call, site, recorded.outcome(call.id()), thrown);
                }
                case UNABLE -> unhandled(call, recorded.why());
                case LOST -> {
                    if (recorded.greaterEpoch() > 0) {
                        call.lane().outgrown(recorded.greaterEpoch());
                    }
                    over(call);
                    call.abandon("its home database knows a later owner");
                }
                default -> {
                    waiting.waits(call.id(), named(call), recorded.why());
                    consumer.failed(call, call.attempts(), WAIT_MS);
                    settled(call);
                }
            }
        } catch (RuntimeException | Error e) {
            unsettled(call, e);
        }
    }

    /** The call has run, and its work is committed: an exception is its result and no failed attempt. */
    private void ran(LaneCall call, QueueSite site, CallOutcome outcome, Throwable thrown) {
        if (thrown != null) {
            log.info(
                    "{} has run, and its transaction is committed; it does not run again: {}",
                    named(call),
                    shorten(ExceptionText.of(thrown)));
        }
        if (!call.content().wantsResult()) {
            call.passedAndFinished();
            settled(call);
            return;
        }
        call.passed();
        deliver(call, outcome != null ? outcome : site.returned(null), call::finished);
    }

    /** Buries a call, unless an earlier run has committed it and could not store its end. */
    void buryUnlessRecorded(LaneCall call, QueueSite site, Attempts attempts, String cause, Throwable thrown) {
        InboxEntry recorded = entry(call, site);
        if (recorded != null) {
            recorded.look();
        }
        if (recorded == null || recorded.state() == InboxRecord.State.NOT_RECORDED) {
            bury(call, site, attempts, cause, thrown);
        } else {
            settle(call, site, recorded, null);
        }
    }

    private void settle(LaneCall call, QueueSite site, Object value, Throwable thrown) {
        try {
            if (thrown == null) {
                succeeded(call, site, value);
                return;
            }
            if (consumer.isStopped()) {
                interrupted(call, thrown);
                return;
            }
            Attempts attempts = call.attempts().failed();
            boolean last = attempts.areUsedUp(site.method().attempts())
                    || !site.isRetried(thrown)
                    || thrown instanceof UnreachedBodyException;
            if (last) {
                buryUnlessRecorded(call, site, attempts, ExceptionText.of(thrown), thrown);
            } else {
                Backoff backoff =
                        new Backoff(site.method().firstBackoff(), site.method().longestBackoff());
                long pause = backoff.after(
                                attempts.failures(),
                                () -> ThreadLocalRandom.current().nextDouble())
                        .toMillis();
                log.info(
                        "{} failed in attempt {} of {} and runs again in {} ms: {}",
                        named(call),
                        attempts.total(),
                        site.method().attempts(),
                        pause,
                        shorten(ExceptionText.of(thrown)));
                consumer.failed(call, attempts, pause);
                settled(call);
            }
        } catch (RuntimeException | Error e) {
            unsettled(call, e);
        }
    }

    private void unsettled(LaneCall call, Throwable why) {
        log.error("{}: its outcome can't be recorded", named(call), why);
        over(call);
        call.abandon("the outcome of a call can't be recorded");
    }

    private void succeeded(LaneCall call, QueueSite site, Object value) {
        if (!call.content().wantsResult()) {
            call.passedAndFinished();
            settled(call);
            return;
        }
        call.passed();
        deliver(call, site.returned(value), call::finished);
    }

    /**
     * The body failed while this JVM or its application ends, which may be the cause: its pools and services may be
     * closed by now. The call stays where it is stored, and its next owner runs it.
     */
    private void interrupted(LaneCall call, Throwable thrown) {
        log.info(
                "{} failed while this JVM stops to consume the queue; it runs again, and no attempt is counted: {}",
                named(call),
                shorten(ExceptionText.of(thrown)));
        settled(call);
    }

    private void bury(LaneCall call, QueueSite site, Attempts attempts, String cause, Throwable thrown) {
        tell(call, cause, thrown);
        consumer.dead(call.content().name(), shorten(cause));
        DeadLetter letter = new DeadLetter(
                call.id().toString(),
                call.content().name(),
                call.content().key(),
                cause,
                attempts.total(),
                consumer.wallMillis(),
                call.content().payload());
        call.passed();
        if (!call.content().wantsResult()) {
            call.buried(letter);
            settled(call);
            return;
        }
        boolean own = thrown == null || thrown instanceof BodyRun.Late || thrown instanceof UnreachedBodyException;
        CallOutcome outcome = own ? CallOutcome.dead(cause) : site.threw(thrown);
        deliver(call, outcome, () -> call.buried(letter));
    }

    private void tell(LaneCall call, String cause, Throwable thrown) {
        try {
            log.warn("{} becomes a dead letter: {}", named(call), shorten(cause), thrown);
        } catch (RuntimeException | Error e) {
            // printing the stack trace runs the exception's own code, which has failed
            log.warn("{} becomes a dead letter: {}", named(call), shorten(cause));
        }
    }

    /** The call leaves its lane only after its outcome is safe, so that its future always completes. */
    private void deliver(LaneCall call, CallOutcome outcome, Runnable leave) {
        UUID receiver = call.content().receiver(call.id());
        if (receiver.equals(shared.session())) {
            leave.run();
            settled(call);
            shared.inbox().deliver(call.id(), outcome);
            return;
        }
        boolean ordinary = call.pass().isOrdinary();
        if (ordinary) {
            shared.isolation().exit(call.pass());
        }
        shared.outbox().send(receiver, call.id(), outcome).whenComplete((done, failure) -> {
            leave.run();
            if (ordinary) {
                consumer.stopped(call.lane());
            } else {
                settled(call);
            }
        });
    }

    /**
     * The run is over and its lane knows the outcome. A suspect stays isolated until Redis has the outcome too: a
     * death of the JVM in between would be attributed to it, although another call caused it.
     */
    private void settled(LaneCall call) {
        CrashIsolation.Pass pass = call.pass();
        if (pass.isOrdinary()) {
            over(call);
            return;
        }
        call.allStored()
                .whenComplete((done, failure) ->
                        shared.handOff().execute(() -> shared.isolation().exit(pass)));
        consumer.stopped(call.lane());
    }

    /** This JVM can't run the call now. */
    void unhandled(LaneCall call, String why) {
        consumer.unhandled(call, why);
        over(call);
    }

    /** The calls have run: the next ones of their keys may start, before the outcomes of these are stored. */
    void passed(List<LaneCall> calls) {
        consumer.locked(() -> {
            calls.forEach(LaneCall::passed);
            consumer.runnable();
        });
    }

    /** Ends a call's part in a run that did not come to it. */
    void release(LaneCall call) {
        call.release();
        consumer.stopped(call.lane());
    }

    /** Ends a run that has no outcome. */
    void over(LaneCall call) {
        shared.isolation().exit(call.pass());
        consumer.stopped(call.lane());
    }

    /** Names the call in log messages by id, method, queue and key, so that it can be found by each of them. */
    private String named(LaneCall call) {
        return "Call " + call.id() + " of " + call.content().name() + " in queue " + queue
                + (call.content().key() == null
                        ? ""
                        : " with key '" + call.content().key() + "'");
    }

    private static String shorten(String cause) {
        return cause.length() <= 300 ? cause : cause.substring(0, 300) + "..";
    }
}
