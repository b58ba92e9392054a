package io.floodlock.runtime.queue.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.CallStoreContract;
import io.floodlock.runtime.queue.store.LaneChange;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.LaneLog;
import io.floodlock.runtime.queue.store.LaneStep;
import io.floodlock.runtime.queue.store.OutgoingEntry;
import io.floodlock.runtime.queue.store.ResultChannel;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.testkit.RedisServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamRangeArgs;
import org.redisson.client.codec.ByteArrayCodec;

class RedisCallStoreIT extends CallStoreContract {

    private static final String NAMESPACE = "test";

    /** One for each JVM of a test; tests share them. */
    private static final List<RedisGateway> CLIENTS = new ArrayList<>();

    private static RedisServer server;

    private int opened;
    private boolean killed;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start("appendonly yes", "appendfsync no");
    }

    @AfterAll
    static void stopServer() {
        closeClients();
        server.close();
    }

    private static void closeClients() {
        CLIENTS.forEach(RedisGateway::close);
        CLIENTS.clear();
    }

    private RedisGateway client() {
        if (opened == 0) {
            server.cli("FLUSHALL");
        }
        if (opened == CLIENTS.size()) {
            CLIENTS.add(new RedisGateway(Settings.of(Map.of("redis", server.url()))));
        }
        return CLIENTS.get(opened++);
    }

    private static RedisQueueKeys keys(String queue) {
        return new RedisQueueKeys(NAMESPACE, queue);
    }

    @Override
    public CallStore store(String queue, int lanesWhenNew) {
        RedisGateway client = client();
        return new RedisCallStore(() -> client, NAMESPACE, queue, lanesWhenNew);
    }

    @Override
    public LaneFeed feed(Supplier<Collection<LaneFeed.Consumer>> consumers) {
        return new RedisLaneFeed(client(), NAMESPACE, UUID.randomUUID(), consumers);
    }

    @Override
    public ResultChannel results() {
        RedisGateway client = client();
        return new RedisResultChannel(() -> client, NAMESPACE);
    }

    @Override
    public List<Position> entries(String queue, int stream) {
        return CLIENTS
                .get(0)
                .redisson(PATIENCE)
                .getStream(keys(queue).stream(stream).calls(), ByteArrayCodec.INSTANCE)
                .range(StreamRangeArgs.startId(StreamMessageId.MIN).endId(StreamMessageId.MAX))
                .keySet()
                .stream()
                .map(StreamIds::entry)
                .toList();
    }

    @Override
    public int deadLetters(String queue, int stream, int lane) {
        return Integer.parseInt(
                server.cli("XLEN", keys(queue).lane(stream, lane).dead()).strip());
    }

    @Override
    public void loseLayout(String queue) {
        server.cli("DEL", keys(queue).queue());
    }

    @Override
    public void loseStream(String queue, int stream) {
        server.cli("DEL", keys(queue).stream(stream).calls());
    }

    @Override
    public void loseAll() {
        server.cli("FLUSHALL");
    }

    @Override
    public void changeFormat(String queue, int stream) {
        server.cli("HSET", keys(queue).queue(), "v", "1");
        server.cli("HSET", keys(queue).stream(stream).state(), "v", "1");
    }

    @Override
    public void refuseMarks(String queue, int stream, int lane, boolean refused) {
        String marks = keys(queue).lane(stream, lane).marks();
        if (refused) {
            server.cli("SET", marks, "no hash");
        } else {
            server.cli("DEL", marks);
        }
    }

    @Override
    public void setFull(boolean full) {
        server.cli("CONFIG", "SET", "maxmemory", full ? "1" : "0");
    }

    @Override
    public void kill() {
        killed = true;
        server.kill();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void storesClosed() {
        if (killed) {
            closeClients();
            server.restart();
        }
    }

    /** Positive control. */
    @Test
    void withoutTheCheckOfTheEpochAFormerOwnerWouldTrimCallsOfItsSuccessor() {
        CallStore store = store("single", 1);
        LaneLayout layout = get(store.prepare());
        int stream = layout.streamOf(0);
        LaneLog log = store.lane(layout, 0);
        get(log.takeOver(10, UUID.randomUUID()));
        byte[] entry = new EntryRecord(UUID.randomUUID(), 1, List.of()).toBytes();
        Position id = get(store.appender().append(layout, stream, new OutgoingEntry(entry, 1), List.of()))
                .id();
        get(log.takeOver(11, UUID.randomUUID()));
        LaneChange change = new LaneChange();
        change.seal();
        LaneStep late = new LaneStep(10, 1, id, 1, 1, 0, ReservedCalls.NONE, false, false, change);
        assertEquals(LaneLog.Outcome.LOST, get(log.apply(late)).outcome());
        assertEquals(List.of(id), entries("single", stream));

        String checked = Script.load(RedisProgress.class, "progress.lua").text();
        String unchecked = checked.replace("state[1] ~= change.epoch", "false");
        assertNotEquals(checked, unchecked);
        RedisQueueKeys.LaneKeys lane = keys("single").lane(stream, 0);
        RedisProgress progress =
                new RedisProgress(Script.of("unchecked", unchecked), CLIENTS.get(0), lane.stream(), List.of(0));
        get(new RedisLaneLog(CLIENTS.get(0), lane, progress).apply(late));

        assertEquals(List.of(), entries("single", stream), "the control must lose the entry");
    }
}
