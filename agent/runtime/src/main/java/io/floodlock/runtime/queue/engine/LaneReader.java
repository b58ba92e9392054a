package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.redis.RedisQueueKeys;
import io.floodlock.runtime.queue.redis.StreamIds;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.thread.AgentThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RStream;
import org.redisson.api.RStreamAsync;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamMultiReadArgs;
import org.redisson.client.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the streams of all lanes that this JVM owns, of all queues, on one thread with one blocking read, and passes
 * the entries to their {@link QueueConsumer}s. To change the set of streams, {@link #wake} adds an entry to a stream of
 * this reader's own, which ends the read at once. {@link StoredQueueEngine} creates it. Thread-safe.
 */
final class LaneReader implements Runnable {

    /** A lane, and the position after which its stream is read. */
    record Target(QueueConsumer consumer, Lane lane, Position cursor) {}

    private static final Logger log = LoggerFactory.getLogger(LaneReader.class);
    private static final int ENTRIES = 64;
    private static final Duration BLOCK = Duration.ofSeconds(2);
    private static final long CLOSE_PATIENCE_MS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration WAKE_KEPT = Duration.ofHours(1);

    private final RedisGateway blocking;
    private final RedisGateway redis;
    private final String wakeKey;
    private final Supplier<Collection<QueueConsumer>> consumers;
    private final AtomicBoolean waking = new AtomicBoolean();
    private final Thread thread = AgentThreads.daemon("floodlock-queue-reader", this);
    private Position wakeCursor = Position.ZERO;
    private boolean troubled;
    private volatile boolean closed;

    LaneReader(
            RedisGateway redis,
            String namespace,
            int lane,
            UUID session,
            Supplier<Collection<QueueConsumer>> consumers) {
        this.redis = redis;
        this.blocking = redis.forBlockingReads("queue-reader", 1);
        this.wakeKey = RedisQueueKeys.wake(namespace, lane, session);
        this.consumers = consumers;
    }

    void start() {
        thread.start();
    }

    /** The set of streams to read has changed. Never blocks. */
    void wake() {
        if (closed || !waking.compareAndSet(false, true)) {
            return;
        }
        synchronized (this) {
            notifyAll();
        }
        redis.redisson().whenComplete((client, failure) -> {
            if (failure == null) {
                RBatch batch = client.createBatch(BatchOptions.defaults());
                RStreamAsync<byte[], byte[]> stream = batch.getStream(wakeKey, ByteArrayCodec.INSTANCE);
                stream.addAsync(StreamAddArgs.entry(new byte[] {'w'}, new byte[0])
                        .trim()
                        .maxLen(1)
                        .noLimit());
                stream.expireAsync(WAKE_KEPT);
                batch.executeAsync();
            }
        });
    }

    @Override
    public void run() {
        while (!closed) {
            waking.set(false);
            Map<String, Target> targets = new HashMap<>();
            for (QueueConsumer consumer : consumers.get()) {
                consumer.collect(targets);
            }
            try {
                if (targets.isEmpty()) {
                    rest(500);
                } else {
                    read(targets);
                    troubled = false;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                trouble(e, targets.values());
            }
        }
    }

    private void read(Map<String, Target> targets) {
        Map<String, StreamMessageId> offsets = new HashMap<>();
        targets.forEach((stream, target) -> offsets.put(stream, StreamIds.redisson(target.cursor())));
        RedissonClient client = blocking.redisson(PATIENCE);
        RStream<byte[], byte[]> wakes = client.getStream(wakeKey, ByteArrayCodec.INSTANCE);
        Map<String, Map<StreamMessageId, Map<byte[], byte[]>>> found = blocking.await(
                wakes.readAsync(StreamMultiReadArgs.greaterThan(StreamIds.redisson(wakeCursor), offsets)
                                .count(ENTRIES)
                                .timeout(BLOCK))
                        .toCompletableFuture(),
                PATIENCE);
        if (found == null) {
            return;
        }
        found.forEach((stream, entries) -> {
            Target target = targets.get(stream);
            if (target == null) {
                entries.keySet().forEach(id -> wakeCursor = StreamIds.entry(id));
                return;
            }
            List<Lane.Read> reads = new ArrayList<>(entries.size());
            entries.forEach((id, fields) -> reads.add(entry(StreamIds.entry(id), fields)));
            target.consumer().read(target.lane(), reads);
        });
    }

    private static Lane.Read entry(Position id, Map<byte[], byte[]> fields) {
        byte[] raw = new byte[0];
        for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
            raw = field.getValue();
            if (fields.size() == 1
                    && new String(field.getKey(), java.nio.charset.StandardCharsets.UTF_8)
                            .equals(EntryRecord.VERSION)) {
                try {
                    return new Lane.Read(id, EntryRecord.fromBytes(raw), raw);
                } catch (MalformedRecordException e) {
                    log.error("Stream entry {} can't be read in this agent's format: {}", id, e.getMessage());
                }
            }
        }
        return new Lane.Read(id, null, raw);
    }

    private void trouble(RuntimeException problem, Collection<Target> targets) {
        if (closed) {
            return;
        }
        if (!troubled) {
            troubled = true;
            log.warn("Calls can't be read from Redis now, the agent keeps trying: {}", problem.getMessage());
        }
        // the server that answers next may be another one, or may have lost data
        targets.forEach(target -> target.consumer().check(target.lane()));
        try {
            rest(200);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private synchronized void rest(long millis) throws InterruptedException {
        if (!closed && !waking.get()) {
            wait(millis);
        }
    }

    /** Ends the read under way, and waits for its thread for up to 500 ms. */
    void close() {
        wake();
        closed = true;
        synchronized (this) {
            notifyAll();
        }
        try {
            thread.join(CLOSE_PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        blocking.close();
    }
}
