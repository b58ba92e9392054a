package io.floodlock.runtime.queue.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneSnapshot;
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

    private final RedisQueueKeys.LaneKeys keys = new RedisQueueKeys("test", "q").lane(0);
    private final RedisLaneLog store = new RedisLaneLog(redis, keys);
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

    /** A change that says all entries are finished, so that they are trimmed. */
    private List<Object> finishAll(long epoch, long number) {
        Position beyond = new Position(Long.MAX_VALUE / 2, 0);
        return RedisLaneLog.arguments(epoch, number, beyond, beyond, 1, 1, ReservedCalls.NONE, false, new LaneChange());
    }

    private void addEntry() {
        RStream<byte[], byte[]> stream = redis.redisson(LIMIT).getStream(keys.stream(), ByteArrayCodec.INSTANCE);
        stream.add(StreamAddArgs.entry(new byte[] {'1'}, new byte[] {0}));
    }

    private String entries() {
        return server.cli("XLEN", keys.stream()).strip();
    }

    private LaneSnapshot takeOver(long epoch, UUID owner) {
        return redis.await(store.takeOver(epoch, owner), LIMIT);
    }

    @Test
    void anOwnerBeforeTheLastTakeoverIsRefused() {
        takeOver(10, one);
        addEntry();
        takeOver(11, two);

        assertEquals("LOST", redis.await(store.store(finishAll(10, 1)), LIMIT).word());
        assertEquals("1", entries());

        assertEquals("OK", redis.await(store.store(finishAll(11, 1)), LIMIT).word());
        assertEquals("0", entries());
    }

    @Test
    void withoutTheCheckAFormerOwnerWouldTrimCallsOfItsSuccessor() {
        takeOver(10, one);
        addEntry();
        takeOver(11, two);
        Script script = Script.load(RedisLaneLog.class, "progress.lua");
        Script unchecked = Script.of("unchecked", script.text().replace("state[1] ~= ARGV[1]", "false"));

        redis.await(
                redis.run(
                        ByteArrayCodec.INSTANCE,
                        unchecked,
                        List.of(
                                keys.stream(),
                                keys.state(),
                                keys.identities(),
                                keys.marks(),
                                keys.attempts(),
                                keys.parked(),
                                keys.dead()),
                        finishAll(10, 1).toArray()),
                LIMIT);

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
        List<Object> arguments =
                RedisLaneLog.arguments(10, 1, Position.ZERO, Position.ZERO, 0, 0, ReservedCalls.NONE, false, changes);

        for (int i = 0; i < 3; i++) {
            assertEquals("OK", redis.await(store.store(arguments), LIMIT).word());
        }

        assertEquals("1", server.cli("XLEN", keys.dead()).strip());
    }

    @Test
    void aForgottenChangeIsNoticed() {
        takeOver(10, one);

        assertEquals("GAP", redis.await(store.store(finishAll(10, 2)), LIMIT).word());
        assertEquals("OK", redis.await(store.store(finishAll(10, 1)), LIMIT).word());
        server.cli("FLUSHALL");
        assertEquals("LOST", redis.await(store.store(finishAll(10, 2)), LIMIT).word());
    }

    @Test
    void aSuccessorKnowsWhoDidNotLeave() {
        takeOver(10, one);
        assertEquals(one.toString(), takeOver(11, two).previousOwner());

        redis.await(
                store.store(RedisLaneLog.arguments(
                        11, 1, Position.ZERO, Position.ZERO, 0, 0, ReservedCalls.NONE, true, new LaneChange())),
                LIMIT);

        assertEquals("", takeOver(12, one).previousOwner());
    }

    @Test
    void aLaneOfAnotherFormatIsLeftAlone() {
        server.cli("HSET", keys.state(), "v", "1");

        Throwable failure = assertThrows(
                        CompletionException.class, () -> store.takeOver(10, one).join())
                .getCause();

        assertEquals(true, failure.getMessage().contains("format 1"), failure.getMessage());
    }
}
