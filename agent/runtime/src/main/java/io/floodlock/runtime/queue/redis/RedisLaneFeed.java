package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.redis.StreamReads.Target;
import io.floodlock.runtime.queue.redis.StreamReads.Wanted;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.thread.AgentThreads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
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
 * Reads the streams of all lanes that this JVM owns, of all queues, on one thread, and passes the entries to them.
 * Thread-safe.
 */
public final class RedisLaneFeed implements LaneFeed {

    /*
     * Redis answers one read of several streams only if they share a slot. So there is one blocking read for each
     * slot: on a single server one for all queues, on a cluster one for each number of a stream, which the streams of
     * all queues with this number share. The reads need a connection each and no thread: their ends are events for the
     * one thread, which decodes the entries, hands them over and begins the next read. On a cluster with more slots
     * than connections the reads take turns.
     *
     * States of a slot's read.
     *
     *   IDLE      No lane of the slot wants entries, or a connection is awaited.
     *   READING   A read is under way. It ends with entries, after 2 s without any, or with a failure. If a lane that
     *             it does not serve wants entries, an entry in a stream of this reader's own ends it at once. A read
     *             that neither ends nor fails within 6 s is given up; its answer is ignored.
     *   PAUSED    After a failure, 200 ms. The server that answers next may be another one, or may have lost data, so
     *             its lanes are checked. Other slots go on.
     *
     * Failures of this JVM. What a read may answer is bounded in bytes (ReadBudget). If entries can't be taken, for
     * lack of memory or for a defect, their lane is given up: another owner reads them again. After an Error anywhere
     * else here, all lanes that want entries are given up. The thread goes on in all cases, because as long as this
     * JVM owns lanes, nobody else reads them.
     */

    private record Answer(
            SlotRead read,
            long number,
            Map<String, Map<StreamMessageId, Map<byte[], byte[]>>> found,
            Throwable failure) {}

    private static final Logger log = LoggerFactory.getLogger(RedisLaneFeed.class);
    private static final byte[] FIELD = EntryRecord.VERSION.getBytes(StandardCharsets.UTF_8);
    private static final Answer WAKE = new Answer(null, 0, null, null);

    /** Blocking reads at the same time. More than 10, as Redisson otherwise sends several on one connection. */
    private static final int MOST_READS = 64;

    private static final Duration BLOCK = Duration.ofSeconds(2);

    /** While other streams or slots wait for their turn. */
    private static final Duration SHORT_BLOCK = Duration.ofMillis(20);

    /** While lanes of a stream have not read it equally far. */
    private static final Duration BRIEF_BLOCK = Duration.ofMillis(2);

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LOOK_MS = 500;
    private static final long LOOK_PAUSED_MS = 50;
    private static final long CLOSE_PATIENCE_MS = 500;
    private static final Duration WAKE_KEPT = Duration.ofHours(1);

    private final RedisGateway blocking;
    private final RedisGateway redis;
    private final String namespace;
    private final UUID session;
    private final Supplier<Collection<Consumer>> consumers;
    private final BlockingQueue<Answer> events = new LinkedBlockingQueue<>();
    private final AtomicBoolean waking = new AtomicBoolean();
    private final Thread thread = AgentThreads.daemon("floodlock-queue-reader", this::run);
    private volatile boolean closed;

    // of the thread
    private final Map<String, RedisQueueKeys> queues = new HashMap<>();
    private final Map<Integer, SlotRead> reads = new LinkedHashMap<>();
    private Boolean cluster;
    private boolean troubled;

    /** @param session of this JVM */
    public RedisLaneFeed(RedisGateway redis, String namespace, UUID session, Supplier<Collection<Consumer>> consumers) {
        this.redis = redis;
        this.blocking = redis.forBlockingReads("queue-reader", MOST_READS);
        this.namespace = namespace;
        this.session = session;
        this.consumers = consumers;
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void wake() {
        if (!closed && waking.compareAndSet(false, true)) {
            events.add(WAKE);
        }
    }

    private void run() {
        while (!closed) {
            try {
                step();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                trouble(e);
            } catch (Error e) {
                giveUpAll(e);
            }
        }
        leave();
    }

    private void step() throws InterruptedException {
        waking.set(false);
        Map<Integer, Map<String, Wanted>> wanted = collect();
        boolean paused = false;
        for (Map.Entry<Integer, Map<String, Wanted>> one : wanted.entrySet()) {
            SlotRead read = reads.computeIfAbsent(one.getKey(), SlotRead::new);
            if (read.mustEnd(one.getValue())) {
                interrupt(read);
            } else if (read.mayBegin(System.nanoTime()) && underWay() < MOST_READS) {
                // the next slot to wait is the one that has waited longest
                reads.remove(read.slot);
                reads.put(read.slot, read);
                begin(read, one.getValue(), wanted.size() > MOST_READS);
            }
            paused |= !read.isReading();
        }
        Answer event = events.poll(paused ? LOOK_PAUSED_MS : LOOK_MS, TimeUnit.MILLISECONDS);
        for (; event != null; event = events.poll()) {
            if (event != WAKE && event.read().end(event.number())) {
                ended(event);
            }
        }
        long now = System.nanoTime();
        for (SlotRead read : reads.values()) {
            if (read.isReadingSince(now - PATIENCE.toNanos()) && read.end(read.number())) {
                failed(read, new TimeoutException("no answer within " + PATIENCE.toSeconds() + " s"));
            }
        }
    }

    /** The lanes that want entries, by slot and stream, those of longest waiting slots first. */
    private Map<Integer, Map<String, Wanted>> collect() {
        Map<String, Wanted> all = wanted();
        if (all.isEmpty()) {
            return Map.of();
        }
        if (cluster == null) {
            cluster = blocking.await(blocking.cluster(), PATIENCE);
        }
        Map<Integer, Map<String, Wanted>> found = new HashMap<>();
        all.forEach((stream, wanted) -> found.computeIfAbsent(
                        cluster ? LaneLayout.slot(wanted.stream()) : 0, slot -> new HashMap<>())
                .put(stream, wanted));
        Map<Integer, Map<String, Wanted>> ordered = new LinkedHashMap<>();
        reads.keySet().stream().filter(found::containsKey).forEach(slot -> ordered.put(slot, found.get(slot)));
        found.forEach(ordered::putIfAbsent);
        return ordered;
    }

    /** The lanes that want entries, by the key of their stream. */
    private Map<String, Wanted> wanted() {
        Map<String, Wanted> all = new HashMap<>();
        for (Consumer consumer : consumers.get()) {
            RedisQueueKeys keys =
                    queues.computeIfAbsent(consumer.queue(), queue -> new RedisQueueKeys(namespace, queue));
            consumer.collect((stream, reading) -> all.computeIfAbsent(
                            keys.stream(stream).calls(), key -> new Wanted(consumer, stream, new ArrayList<>()))
                    .lanes()
                    .add(reading));
        }
        return all;
    }

    private int underWay() {
        return (int) reads.values().stream().filter(SlotRead::isReading).count();
    }

    private void begin(SlotRead read, Map<String, Wanted> wanted, boolean others) {
        ReadBudget.Portion portion = read.budget.portion(wanted.keySet());
        read.streams.retain(wanted);
        Map<String, Target> targets = new HashMap<>();
        Map<String, StreamMessageId> offsets = new HashMap<>();
        boolean waits = true;
        for (String stream : portion.streams()) {
            Target target = read.streams.next(stream, wanted.get(stream));
            targets.put(stream, target);
            offsets.put(stream, StreamIds.redisson(target.cursor()));
            waits &= target.waits();
        }
        Duration block = !waits ? BRIEF_BLOCK : portion.whole() && !others ? BLOCK : SHORT_BLOCK;
        RedissonClient client = blocking.redisson(PATIENCE);
        RStream<byte[], byte[]> wakes = client.getStream(wakeKey(read), ByteArrayCodec.INSTANCE);
        long number = read.begin(targets, portion, System.nanoTime());
        try {
            wakes.readAsync(StreamMultiReadArgs.greaterThan(StreamIds.redisson(read.wakeCursor), offsets)
                            .count(portion.count())
                            .timeout(block))
                    .whenComplete((found, failure) -> events.add(new Answer(read, number, found, failure)));
        } catch (RuntimeException e) {
            events.add(new Answer(read, number, null, e));
        }
    }

    private void interrupt(SlotRead read) {
        redis.redisson().whenComplete((client, failure) -> {
            if (failure == null) {
                RBatch batch = client.createBatch(BatchOptions.defaults());
                RStreamAsync<byte[], byte[]> stream = batch.getStream(wakeKey(read), ByteArrayCodec.INSTANCE);
                stream.addAsync(StreamAddArgs.entry(new byte[] {'w'}, new byte[0])
                        .trim()
                        .maxLen(1)
                        .noLimit());
                stream.expireAsync(WAKE_KEPT);
                batch.executeAsync();
            }
        });
    }

    private String wakeKey(SlotRead read) {
        return RedisQueueKeys.wake(namespace, read.slot, session);
    }

    private void ended(Answer answer) {
        SlotRead read = answer.read();
        if (answer.failure() != null) {
            failed(read, answer.failure());
            return;
        }
        Map<String, Integer> heaviest = new HashMap<>();
        if (answer.found() != null) {
            answer.found().forEach((stream, entries) -> {
                Target target = read.target(stream);
                if (target == null) {
                    entries.keySet().forEach(id -> read.wakeCursor = StreamIds.entry(id));
                } else {
                    heaviest.put(stream, pass(target, entries));
                }
            });
        }
        read.budget.answered(read.portion(), heaviest);
        troubled = false;
        if (read.recovered()) {
            log.info("Lanes {} are read again", names(read.targets()));
        }
    }

    /** Passes the entries to their lanes; returns the bytes of the heaviest. */
    private int pass(Target target, Map<StreamMessageId, Map<byte[], byte[]>> entries) {
        int heaviest = 0;
        try {
            BitSet lanes = new BitSet();
            target.lanes().forEach(lane -> lanes.set(lane.number()));
            List<Entry> read = new ArrayList<>(entries.size());
            for (Map.Entry<StreamMessageId, Map<byte[], byte[]>> found : entries.entrySet()) {
                Entry entry = entry(StreamIds.entry(found.getKey()), found.getValue(), lanes::get);
                heaviest = Math.max(heaviest, entry.raw().length);
                read.add(entry);
            }
            target.consumer().deliver(new Delivery(target.stream(), target.lanes(), target.isHead(), read));
        } catch (RuntimeException | Error e) {
            giveUp(target, e);
        }
        return heaviest;
    }

    private static Entry entry(Position id, Map<byte[], byte[]> fields, IntPredicate lanes) {
        byte[] raw = new byte[0];
        for (Map.Entry<byte[], byte[]> field : fields.entrySet()) {
            raw = field.getValue();
            if (fields.size() == 1 && Arrays.equals(field.getKey(), FIELD)) {
                try {
                    return new Entry(id, EntryRecord.fromBytes(raw, lanes), raw);
                } catch (MalformedRecordException e) {
                    log.error("Stream entry {} can't be read in this agent's format: {}", id, e.getMessage());
                }
            }
        }
        return new Entry(id, null, raw);
    }

    // ---- failures ----

    private void failed(SlotRead read, Throwable problem) {
        read.pause(System.nanoTime() + PAUSE_NANOS);
        read.budget.failed(read.portion());
        if (closed) {
            return;
        }
        if (read.trouble()) {
            log.warn(
                    "Lanes {} can't be read now, so their calls wait; the agent keeps trying: {}",
                    names(read.targets()),
                    redis.explain(problem).getMessage());
        }
        for (Target target : read.targets()) {
            target.lanes().forEach(target.consumer()::check);
        }
    }

    /** Redis can't be reached at all, or a step failed. */
    private void trouble(RuntimeException problem) {
        if (closed) {
            return;
        }
        if (!troubled) {
            troubled = true;
            log.warn(
                    "Stored calls can't be read now, so they wait; the agent keeps trying: {}",
                    redis.explain(problem).getMessage());
        }
        rest();
    }

    private void giveUp(Target target, Throwable why) {
        log.error("Entries of lanes {} can't be taken; this JVM releases them", names(List.of(target)), why);
        target.lanes().forEach(lane -> target.consumer().giveUp(lane, "its entries can't be taken: " + why));
    }

    private void giveUpAll(Error why) {
        try {
            log.error("The reader of queues has failed; this JVM releases the lanes that it reads", why);
            wanted().values()
                    .forEach(wanted -> wanted.lanes()
                            .forEach(one -> wanted.consumer().giveUp(one.lane(), "its reader has failed: " + why)));
        } catch (Error again) {
            // memory is still lacking; the next step fails likewise and comes here again, or succeeds
        }
        rest();
    }

    private static void rest() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For messages. */
    private static String names(Collection<Target> targets) {
        Map<String, List<Integer>> byQueue = new LinkedHashMap<>();
        targets.forEach(target -> target.lanes()
                .forEach(lane -> byQueue.computeIfAbsent(target.consumer().queue(), queue -> new ArrayList<>())
                        .add(lane.number())));
        List<String> names = new ArrayList<>();
        byQueue.forEach((queue, lanes) -> names.add(lanes.stream().sorted().toList() + " of queue " + queue));
        return String.join(", ", names);
    }

    // ---- the end ----

    /** Ends the reads under way, so that their connections close at once. */
    private void leave() {
        try {
            reads.values().stream().filter(SlotRead::isReading).forEach(this::interrupt);
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_PATIENCE_MS);
            while (underWay() > 0 && deadline - System.nanoTime() > 0) {
                Answer event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (event != null && event != WAKE) {
                    event.read().end(event.number());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        events.add(WAKE);
        try {
            thread.join(CLOSE_PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        blocking.close();
    }
}
