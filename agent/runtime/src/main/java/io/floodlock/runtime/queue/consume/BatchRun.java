package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.inbox.InboxBatch;
import io.floodlock.runtime.queue.inbox.InboxEntry;
import io.floodlock.runtime.queue.inbox.InboxRecord;
import io.floodlock.runtime.queue.lane.LaneCall;
import io.floodlock.runtime.queue.method.QueueSite;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.tx.TxScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls by the batch method of their method, in one transaction if they have one. {@link CallRun} makes it.
 * Thread-safe.
 */
final class BatchRun {

    /*
     * A batch has calls of one method and one lane, in the order of each key. Its answers are those of its calls.
     *
     *   end of a batch of several                            what follows
     *   it returns                                           each call has its result
     *   it throws, its transaction is rolled back            the two halves run, the left one first
     *   it throws, and its transaction is committed          the exception is the result of each call
     *   it throws, without a transaction                     its calls run one by one: what it did for those before
     *                                                        the bad one is done again, as after any failure
     *   one of its calls has run before                      its calls run one by one
     *   it can't be recorded, or the end is not known        each key waits, and no attempt is counted
     *
     * So an attempt is only ever counted for a call that has run by itself. If it fails, its key is parked. Calls of
     * that key that are later in the batch are not taken any more: they keep their place behind it, and run when it has
     * ended. A call that has failed before runs by itself the next time.
     */

    private static final Logger log = LoggerFactory.getLogger(BatchRun.class);

    private final LazyInbox inbox;
    private final CallOutcomes outcomes;
    private final QueueConsumer.Shared shared;

    BatchRun(LazyInbox inbox, CallOutcomes outcomes, QueueConsumer.Shared shared) {
        this.inbox = inbox;
        this.outcomes = outcomes;
        this.shared = shared;
    }

    /** Runs the calls, and ends the run of each. */
    void run(List<PreparedCall> calls) {
        Deque<List<PreparedCall>> parts = new ArrayDeque<>();
        parts.add(calls);
        while (!parts.isEmpty()) {
            List<PreparedCall> part = taken(parts.poll());
            if (part.isEmpty()) {
                continue;
            }
            List<List<PreparedCall>> rest = List.of();
            try {
                rest = part.size() == 1 ? alone(part.get(0)) : together(part);
            } catch (RuntimeException | Error e) {
                log.error("A batch of {} could not be run", part.get(0).site().displayName(), e);
                part.forEach(each -> {
                    outcomes.over(each.call());
                    each.call().abandon("a batch of its calls could not be run");
                });
            }
            for (int i = rest.size() - 1; i >= 0; i--) {
                parts.addFirst(rest.get(i));
            }
        }
    }

    /** Those that still belong to the run. */
    private List<PreparedCall> taken(List<PreparedCall> part) {
        List<PreparedCall> taken = new ArrayList<>(part.size());
        for (PreparedCall each : part) {
            if (each.call().isTaken()) {
                taken.add(each);
            } else {
                outcomes.release(each.call());
            }
        }
        return taken;
    }

    private List<List<PreparedCall>> alone(PreparedCall one) {
        LaneCall call = one.call();
        InboxEntry recorded = outcomes.entry(call, one.site());
        End end = run(List.of(one), recorded, with -> recorded.answered(with.get(call.id())));
        outcomes.settle(call, one.site(), recorded, end.value(0), end.thrown);
        return List.of();
    }

    /** @return the parts that have to run next; empty if the run of each call is over */
    private List<List<PreparedCall>> together(List<PreparedCall> part) {
        QueueSite site = part.get(0).site();
        InboxBatch recorded = site.method().transactional()
                ? inbox.batch(part.stream().map(PreparedCall::call).toList())
                : null;
        End end = run(part, recorded, with -> recorded.answered(with));
        InboxRecord.State state = recorded == null ? InboxRecord.State.NOT_RECORDED : recorded.state();
        boolean failed = end.thrown != null && state == InboxRecord.State.NOT_RECORDED;
        if (state == InboxRecord.State.REPEATED || failed && recorded == null) {
            return part.stream().map(List::of).toList();
        }
        if (failed) {
            int middle = part.size() / 2;
            return List.of(part.subList(0, middle), part.subList(middle, part.size()));
        }
        boolean ran = state == InboxRecord.State.RECORDED || state == InboxRecord.State.NOT_RECORDED;
        if (ran) {
            // the next batch of these keys runs while the outcomes of this one are stored
            outcomes.passed(part.stream().map(PreparedCall::call).toList());
        }
        for (int i = 0; i < part.size(); i++) {
            LaneCall call = part.get(i).call();
            if (ran || call.isTaken()) {
                outcomes.settle(call, site, recorded, end.value(i), end.thrown);
            } else {
                outcomes.release(call);
            }
        }
        return List.of();
    }

    /** The results of a run, or what it has thrown. */
    private static final class End {

        private List<?> values;
        private Throwable thrown;

        Object value(int of) {
            return values == null ? null : values.get(of);
        }
    }

    private interface Answers {
        void record(Map<CallId, CallOutcome> with);
    }

    private End run(List<PreparedCall> part, InboxRecord recorded, Answers answers) {
        QueueSite site = part.get(0).site();
        End end = new End();
        BodyRun.End settled = new BodyRun.End() {
            @Override
            public void settle(Object value, Throwable thrown) {
                end.values = (List<?>) value;
                end.thrown = thrown;
            }

            @Override
            public void over() {
                // a list is no stage, so the run is over when it returns
            }
        };
        new BodyRun(site.method().timeout(), site.loader(), shared.timer(), shared.handOff(), settled)
                .run(() -> site.inContext(
                        Map.of(), () -> recorded == null ? body(part) : transact(part, recorded, answers)));
        return end;
    }

    private static List<?> body(List<PreparedCall> part) throws Throwable {
        PreparedCall first = part.get(0);
        return first.site()
                .runTogether(
                        first.target(),
                        part.stream().map(PreparedCall::arguments).toList());
    }

    /** Null if the calls have run before. */
    private List<?> transact(List<PreparedCall> part, InboxRecord recorded, Answers answers) throws Throwable {
        QueueSite site = part.get(0).site();
        TxScope scope = inbox.enter(site.method().transaction(), recorded);
        if (scope == null) {
            return null;
        }
        List<?> values = null;
        Throwable thrown = null;
        try {
            values = body(part);
        } catch (Throwable e) {
            thrown = e;
        }
        answers.record(answers(part, values, thrown));
        try {
            scope.exit(thrown);
        } catch (FloodlockFailure e) {
            if (thrown == null) {
                throw site.method().failures().apply(e);
            }
            thrown.addSuppressed(e);
        }
        if (thrown != null) {
            throw thrown;
        }
        return values;
    }

    /** The outcomes of the calls whose callers want one. */
    private static Map<CallId, CallOutcome> answers(List<PreparedCall> part, List<?> values, Throwable thrown) {
        Map<CallId, CallOutcome> answers = new LinkedHashMap<>();
        for (int i = 0; i < part.size(); i++) {
            PreparedCall each = part.get(i);
            if (each.call().content().wantsResult()) {
                QueueSite site = each.site();
                answers.put(each.call().id(), values == null ? site.threw(thrown) : site.returned(values.get(i)));
            }
        }
        return answers;
    }
}
