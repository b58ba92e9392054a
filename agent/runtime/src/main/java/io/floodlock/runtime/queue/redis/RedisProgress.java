package io.floodlock.runtime.queue.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.redis.RedisQueueKeys.LaneKeys;
import io.floodlock.runtime.queue.redis.RedisQueueKeys.StreamKeys;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneLog.Answer;
import io.floodlock.runtime.queue.store.LaneLog.Outcome;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.queue.store.LaneStep;
import io.floodlock.runtime.queue.store.Outage;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Stores the changes of all lanes of one stream that this JVM owns; the script is progress.lua. One request is under
 * way; changes that arrive meanwhile share the next one. Each lane has at most one change under way. Thread-safe.
 */
final class RedisProgress {

    private static final Script PROGRESS = Script.load(RedisProgress.class, "progress.lua");

    /** A request takes more changes until it exceeds this. */
    private static final int FULL_AT_BYTES = 1 << 20;

    private record Pending(LaneKeys lane, LaneStep step, CompletableFuture<Answer> answer) {}

    private final Script script;
    private final RedisGateway redis;
    private final StreamKeys stream;
    private final List<Integer> lanes;
    private final Outage outage;

    @GuardedBy("this")
    private final Deque<Pending> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean sending;

    /** @param lanes all lanes of the stream, also those of other owners */
    RedisProgress(RedisGateway redis, StreamKeys stream, List<Integer> lanes) {
        this(PROGRESS, redis, stream, lanes);
    }

    RedisProgress(Script script, RedisGateway redis, StreamKeys stream, List<Integer> lanes) {
        this.script = script;
        this.redis = redis;
        this.stream = stream;
        this.lanes = List.copyOf(lanes);
        this.outage = new Outage("Progress in " + stream.state()
                + " can't be stored, so further calls of its lanes wait; the agent keeps trying");
    }

    CompletableFuture<Answer> store(LaneKeys lane, LaneStep step) {
        Pending pending = new Pending(lane, step, new CompletableFuture<>());
        synchronized (this) {
            waiting.add(pending);
            if (sending) {
                return pending.answer();
            }
            sending = true;
        }
        // changes that the caller stores next share the request
        redis.soon(this::sendNext);
        return pending.answer();
    }

    private void sendNext() {
        List<Pending> batch = List.of();
        CompletableFuture<List<Object>> reply;
        try {
            batch = take();
            if (batch.isEmpty()) {
                return;
            }
            reply = send(batch);
        } catch (RuntimeException | Error e) {
            // a change that gets no answer would be waited for without an end
            batch = batch.isEmpty() ? takeAll() : batch;
            reply = CompletableFuture.failedFuture(e);
        }
        List<Pending> sent = batch;
        reply.whenComplete((found, failure) -> {
            try {
                replied(sent, found, failure);
            } finally {
                sendNext();
            }
        });
    }

    /** The changes of the next request; none if none waits. */
    private synchronized List<Pending> take() {
        if (waiting.isEmpty()) {
            sending = false;
            return List.of();
        }
        List<Pending> batch = new ArrayList<>();
        for (long bytes = 0; !waiting.isEmpty() && bytes < FULL_AT_BYTES; ) {
            batch.add(waiting.peek());
            bytes += waiting.poll().step().change().parkedBytes();
        }
        return batch;
    }

    private synchronized List<Pending> takeAll() {
        List<Pending> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    private CompletableFuture<List<Object>> send(List<Pending> batch) {
        List<String> keys = new ArrayList<>(List.of(stream.calls(), stream.state(), stream.lows()));
        List<Object> arguments = new ArrayList<>();
        boolean last = batch.stream().anyMatch(one -> one.step().wantsLast());
        arguments.add(RedisLaneLog.bytes(last ? 1 : 0));
        arguments.add(RedisLaneLog.bytes(lanes.size()));
        lanes.forEach(lane -> arguments.add(RedisLaneLog.bytes(lane)));
        batch.forEach(one -> append(one, keys, arguments));
        return redis.run(ByteArrayCodec.INSTANCE, script, keys, arguments.toArray());
    }

    private static void append(Pending pending, List<String> keys, List<Object> arguments) {
        LaneKeys lane = pending.lane();
        keys.addAll(
                List.of(lane.owner(), lane.identities(), lane.marks(), lane.attempts(), lane.parked(), lane.dead()));
        LaneStep step = pending.step();
        arguments.add(RedisLaneLog.bytes(lane.number()));
        arguments.add(RedisLaneLog.bytes(step.epoch()));
        arguments.add(RedisLaneLog.bytes(step.number()));
        arguments.add(LaneChange.utf8(step.low().toString()));
        arguments.add(RedisLaneLog.bytes(step.ordinal()));
        arguments.add(RedisLaneLog.bytes(step.finished()));
        arguments.add(RedisLaneLog.bytes(step.load()));
        arguments.add(LaneChange.utf8(step.reserved()));
        arguments.add(RedisLaneLog.bytes(step.leaving() ? 1 : 0));
        step.change().appendTo(arguments);
    }

    private void replied(List<Pending> batch, List<Object> reply, Throwable failure) {
        if (failure == null) {
            outage.succeeded();
        } else {
            outage.failed(failure);
        }
        for (int i = 0; i < batch.size(); i++) {
            Pending one = batch.get(i);
            try {
                if (failure == null) {
                    String last = one.step().wantsLast() ? LaneSnapshot.text(reply.get(0)) : "";
                    one.answer().complete(answer(last, LaneSnapshot.text(reply.get(i + 1))));
                } else {
                    one.answer().completeExceptionally(failure);
                }
            } catch (RuntimeException e) {
                one.answer().completeExceptionally(e);
            }
        }
    }

    private static Answer answer(String last, String text) {
        int space = text.indexOf(' ');
        String word = space < 0 ? text : text.substring(0, space);
        String detail = space < 0 ? "" : text.substring(space + 1);
        Outcome outcome = switch (word) {
            case "OK" -> Outcome.STORED;
            case "LOST" -> Outcome.LOST;
            case "GAP" -> Outcome.GAP;
            default -> Outcome.REFUSED;
        };
        return new Answer(outcome, last.isEmpty() ? null : Position.parse(last), detail);
    }
}
