package io.floodlock.runtime.queue.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.queue.store.LaneLog.Outcome;
import io.floodlock.runtime.queue.store.LaneSnapshot;
import io.floodlock.runtime.queue.store.LaneStep;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.api.RStream;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.client.codec.ByteArrayCodec;

/** What an owner that lost its lane can still do: nothing. */
class LaneEpochIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static RedisServer server;
    private static RedisGateway redis;

    private final RedisQueueKeys.LaneKeys keys = new RedisQueueKeys("test", "q").lane(0, 0);
    private final LaneLog store = store(Script.load(RedisProgress.class, "progress.lua"));
    private final UUID one = UUID.randomUUID();
    private final UUID two = UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        redis = new RedisGateway(Settings.of(Map.of("redis", server.url())));
    }

    @AfterAll
    static void stop() {
        redis.close();
        server.close();
    }

    @BeforeEach
    void fresh() {
        server.cli("FLUSHALL");
    }

    private LaneLog store(Script progress) {
        return new RedisLaneLog(redis, keys, new RedisProgress(progress, redis, keys.stream(), List.of(0)));
    }

    /** A change that says all entries are finished, so that they are trimmed. */
    private static LaneStep finishAll(long epoch, long number) {
        return step(epoch, number, new Position(1L << 50, 0), false, new LaneChange());
    }

    private static LaneStep step(long epoch, long number, Position low, boolean leaving, LaneChange change) {
        change.seal();
        return new LaneStep(epoch, number, low, 1, 1, 0, ReservedCalls.NONE, leaving, false, change);
    }

    private static Outcome apply(LaneLog to, LaneStep step) {
        return redis.await(to.apply(step), LIMIT).outcome();
    }

    private void addEntry() {
        RStream<byte[], byte[]> stream =
                redis.redisson(LIMIT).getStream(keys.stream().calls(), ByteArrayCodec.INSTANCE);
        stream.add(StreamAddArgs.entry(new byte[] {'1'}, new byte[] {0}));
    }

    private String entries() {
        return server.cli("XLEN", keys.stream().calls()).strip();
    }

    private LaneSnapshot takeOver(long epoch, UUID owner) {
        return redis.await(store.takeOver(epoch, owner), LIMIT);
    }

    @Test
    void anOwnerBeforeTheLastTakeoverIsRefused() {
        takeOver(10, one);
        addEntry();
        takeOver(11, two);

        assertEquals(Outcome.LOST, apply(store, finishAll(10, 1)));
        assertEquals("1", entries());

        assertEquals(Outcome.STORED, apply(store, finishAll(11, 1)));
        assertEquals("0", entries());
    }

    @Test
    void withoutTheCheckAFormerOwnerWouldTrimCallsOfItsSuccessor() {
        takeOver(10, one);
        addEntry();
        takeOver(11, two);
        Script script = Script.load(RedisProgress.class, "progress.lua");
        Script unchecked = Script.of("unchecked", script.text().replace("state[1] ~= change.epoch", "false"));

        apply(store(unchecked), finishAll(10, 1));

        assertEquals("0", entries(), "the control must lose the entry");
    }

    @Test
    void anEpochNeverGoesBack() {
        takeOver(11, two);

        assertInstanceOf(
                IllegalStateException.class,
                assertThrows(
                                CompletionException.class,
                                () -> store.takeOver(10, one).join())
                        .getCause());
    }

    @Test
    void aChangeIsAppliedOnceHoweverOftenItArrives() {
        takeOver(10, one);
        LaneChange changes = new LaneChange();
        changes.dead(new byte[] {1});
        LaneStep step = step(10, 1, Position.ZERO, false, changes);

        for (int i = 0; i < 3; i++) {
            assertEquals(Outcome.STORED, apply(store, step));
        }

        assertEquals("1", server.cli("XLEN", keys.dead()).strip());
    }

    @Test
    void aForgottenChangeIsNoticed() {
        takeOver(10, one);

        assertEquals(Outcome.GAP, apply(store, finishAll(10, 2)));
        assertEquals(Outcome.STORED, apply(store, finishAll(10, 1)));
        server.cli("FLUSHALL");
        assertEquals(Outcome.LOST, apply(store, finishAll(10, 2)));
    }

    @Test
    void aSuccessorKnowsWhoDidNotLeave() {
        takeOver(10, one);
        assertEquals(one.toString(), takeOver(11, two).previousOwner());

        apply(store, step(11, 1, Position.ZERO, true, new LaneChange()));

        assertEquals("", takeOver(12, one).previousOwner());
    }

    @Test
    void aLaneOfAnotherFormatIsLeftAlone() {
        server.cli("HSET", keys.stream().state(), "v", "1");

        Throwable failure = assertThrows(
                        CompletionException.class, () -> store.takeOver(10, one).join())
                .getCause();

        assertEquals(true, failure.getMessage().contains("format 1"), failure.getMessage());
    }
}
