package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.payload.ArgumentsCodec;
import io.floodlock.runtime.queue.payload.PayloadMapper;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.redis.RedisCallStore;
import io.floodlock.runtime.queue.result.ResultReceiver.ResultListener;
import io.floodlock.runtime.queue.store.Appender;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.OutgoingEntry;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries of a numbered session, whose calls are sent again in other batches, while lanes change their owners. */
@Timeout(180)
class NumberedSessionIT {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LANES = 4;
    private static final LaneLayout LAYOUT = new LaneLayout(LANES, List.of(0));
    private static final UUID SOURCE = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final String STREAM = "floodlock:{default:stream:0}:q:";
    private static final ArgumentsCodec NOTE = codec("note");
    private static final ArgumentsCodec ADD = codec("add");
    private static RedisServer redis;

    /** Holds bodies until it opens; the runs of an owner that is gone fail there. */
    static final class Gate {
        private final CountDownLatch open = new CountDownLatch(1);
        private volatile boolean fails;

        void await() throws InterruptedException {
            open.await();
            if (fails) {
                throw new IllegalStateException("its owner is gone");
            }
        }

        void open() {
            open.countDown();
        }

        void fail() {
            fails = true;
            open.countDown();
        }
    }

    static final class Bodies {
        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        static final Map<String, Gate> gates = new ConcurrentHashMap<>();
        private static QueueEngine.Site noteSite;
        private static QueueEngine.Site addSite;

        /** The sites of the newest engine, also for a body that it runs while it registers them. */
        static synchronized QueueEngine.Site site(boolean notes) {
            return notes ? noteSite : addSite;
        }

        static synchronized void register(TestEngine engine) {
            noteSite = engine.register(MethodHandles.lookup(), Bodies.class, "note", s -> {
                s.key = (self, arguments) -> String.valueOf(arguments[0]);
                return s;
            });
            addSite = engine.register(MethodHandles.lookup(), Bodies.class, "add", s -> {
                s.attempts = 1;
                return s;
            });
        }

        static void note(String key, int number) throws InterruptedException {
            if (site(true).enter(null, new Object[] {key, number}) != null) {
                return;
            }
            Gate gate = gates.get(key);
            if (gate != null) {
                gate.await();
            }
            notes.add(key + ":" + number);
        }

        @SuppressWarnings("unchecked")
        static CompletableFuture<Integer> add(int a, int b) {
            Object[] stored = (Object[]) site(false).enter(null, new Object[] {a, b});
            if (stored != null) {
                return (CompletableFuture<Integer>) stored[0];
            }
            if (b == 0) {
                throw new IllegalStateException("nothing to add");
            }
            return CompletableFuture.completedFuture(a + b);
        }
    }

    private final List<TestEngine> engines = new ArrayList<>();
    private TestEngine sender;
    private CallStore store;

    /** The calls that were sent, repetitions included. */
    private long sent;

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void fresh() {
        redis.cli("FLUSHALL");
        Bodies.notes.clear();
        Bodies.gates.clear();
        sender = engine("queue.mode", "produce-only");
        store = new RedisCallStore(() -> sender.redis, "default", "q", LANES);
        assertEquals(LAYOUT, store.prepare().join());
    }

    @AfterEach
    void closeEngines() {
        Bodies.gates.values().forEach(Gate::fail);
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine(String... more) {
        List<String> settings =
                new ArrayList<>(List.of("queue.lanes", Integer.toString(LANES), "queue.drain", "200ms"));
        settings.addAll(List.of(more));
        TestEngine engine = new TestEngine(redis.url(), settings.toArray(String[]::new));
        engines.add(engine);
        Bodies.register(engine);
        return engine;
    }

    private void close(TestEngine engine) {
        List<Gate> gates = List.copyOf(Bodies.gates.values());
        engine.close();
        engines.remove(engine);
        Bodies.gates.replaceAll((key, gate) -> new Gate());
        gates.forEach(Gate::fail);
    }

    // ---- sending

    /** Another key of the lane with each number. */
    private static String key(int lane, int number) {
        int found = 0;
        for (int i = 0; ; i++) {
            if (LAYOUT.laneOf("key" + i) == lane && found++ == number) {
                return "key" + i;
            }
        }
    }

    private static ArgumentsCodec codec(String method) {
        Method found = Arrays.stream(Bodies.class.getDeclaredMethods())
                .filter(one -> one.getName().equals(method))
                .findFirst()
                .orElseThrow();
        return new ArgumentsCodec(found, PayloadMapper.create());
    }

    private void append(EntryRecord entry) {
        int calls = entry.sections().stream()
                .mapToInt(section -> section.calls().size())
                .sum();
        sent += calls;
        Appender.Answer answer = store.appender()
                .append(LAYOUT, 0, OutgoingEntry.of(entry), List.of())
                .join();
        assertEquals(Appender.Outcome.STORED, answer.outcome(), answer.detail());
    }

    /**
     * Sends the rows as one entry, or the first of them: an entry has one section for each lane, and its calls are
     * numbered in the order of the sections.
     *
     * @param sequence of the entry
     * @return the row behind the last one that was sent
     */
    private int append(UUID session, long sequence, List<String> keys, int from, int to) {
        List<EntryRecord.Section> sections = new ArrayList<>();
        Set<Integer> lanes = new HashSet<>();
        int at = from;
        while (at <= to) {
            int lane = LAYOUT.laneOf(keys.get(at));
            if (!lanes.add(lane)) {
                break;
            }
            int first = at - from;
            List<CallRecord> calls = new ArrayList<>();
            for (; at <= to && LAYOUT.laneOf(keys.get(at)) == lane; at++) {
                calls.add(new CallRecord("note", keys.get(at), false, NOTE.encode(new Object[] {keys.get(at), at})));
            }
            sections.add(new EntryRecord.Section(lane, first, calls));
        }
        append(new EntryRecord(session, sequence, sections));
        return at;
    }

    /** Rows 0 to 12: 5 and 6 are in the first lane, 7 to 9 in the second, the others in the third. */
    private static List<String> rows() {
        List<String> keys = new ArrayList<>();
        for (int row = 0; row <= 12; row++) {
            int lane = row == 5 || row == 6 ? 0 : row >= 7 && row <= 9 ? 1 : 2;
            keys.add(key(lane, row == 6 || row == 8 ? 1 : 0));
        }
        return keys;
    }

    private void batch(int from, int to) {
        assertEquals(to + 1, append(SOURCE, from, rows(), from, to));
    }

    // ---- what must be true

    private static void awaitNotes(int count) {
        Await.until(() -> count + " calls, not " + Bodies.notes, LIMIT, () -> Bodies.notes.size() >= count);
    }

    private static List<Integer> numbers() {
        return Bodies.notes.stream()
                .map(note -> Integer.parseInt(note.split(":")[1]))
                .sorted()
                .toList();
    }

    private static long number(String... command) {
        String reply = redis.cli(command).strip();
        return reply.isEmpty() ? 0 : Long.parseLong(reply);
    }

    /** All calls count as finished. An empty stream sets "sent" right, so "finished" is compared too. */
    private void assertNothingIsUnfinished() {
        Await.until(() -> "an empty stream", LIMIT, () -> number("XLEN", STREAM + "calls") == 0);
        assertEquals(sent, number("HGET", STREAM + "state", "finished"));
        assertEquals(sent, number("HGET", STREAM + "state", "sent"));
        for (int lane = 0; lane < LANES; lane++) {
            for (String kind : List.of("marks", "attempts", "parked", "dead")) {
                assertEquals(0, number("EXISTS", STREAM + lane + ":" + kind), kind + " of lane " + lane);
            }
        }
    }

    private static void assertOrdered() {
        Map<String, Integer> last = new HashMap<>();
        for (String note : Bodies.notes) {
            String[] parts = note.split(":");
            Integer before = last.put(parts[0], Integer.parseInt(parts[1]));
            assertTrue(before == null || before < Integer.parseInt(parts[1]), () -> "order of " + Bodies.notes);
        }
    }

    // ---- tests

    @Test
    void eachCallOfOverlappingBatchesRunsOnce() {
        TestEngine first = engine();
        batch(5, 7);
        awaitNotes(3);
        batch(5, 9);
        awaitNotes(5);
        close(first);
        batch(8, 12);
        batch(5, 7);
        engine();
        awaitNotes(8);
        batch(5, 12);
        assertNothingIsUnfinished();

        assertEquals(List.of(5, 6, 7, 8, 9, 10, 11, 12), numbers());
        assertOrdered();
    }

    /** The control: without numbers, only an entry as a whole can be a repetition. */
    @Test
    void inTheSessionOfAJvmTheSameCallsRunAgain() {
        engine();
        UUID session = UUID.randomUUID();
        append(session, 1, rows(), 5, 7);
        append(session, 2, rows(), 5, 9);
        append(session, 2, rows(), 5, 9);
        append(session, 3, rows(), 8, 12);
        awaitNotes(13);
        assertNothingIsUnfinished();

        assertEquals(List.of(5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 11, 12), numbers());
    }

    @Test
    void aSuccessorReadsARepetitionAboveLowAgain() {
        takeOverWhileHeld(5);
    }

    @Test
    void aSuccessorReadsAPartAndTheEntryThatItRepeatsAgain() {
        takeOverWhileHeld(7);
    }

    @Test
    void aSuccessorReadsAPartAgainWithoutTheEntryThatItRepeats() {
        takeOverWhileHeld(8);
    }

    /** The call that waits keeps its entry, and the entries behind it, in the window of both owners. */
    private void takeOverWhileHeld(int held) {
        List<String> rows = rows();
        Bodies.gates.put(rows.get(held), new Gate());
        TestEngine first = engine();
        batch(5, 7);
        batch(5, 9);
        batch(7, 9);
        // the second key of the lane has one call, and the first one has two of the second lane
        int before = held == 7 ? 3 : 4;
        awaitNotes(before);
        String marks = STREAM + (held < 7 ? 0 : 1) + ":marks";
        Await.until("bits", LIMIT, () -> number("HLEN", marks) > 0);
        close(first);
        assertEquals(before, Bodies.notes.size());

        engine();
        batch(8, 12);
        awaitNotes(before + 3);
        Bodies.gates.get(rows.get(held)).open();
        awaitNotes(8);
        assertNothingIsUnfinished();

        assertEquals(List.of(5, 6, 7, 8, 9, 10, 11, 12), numbers());
        assertOrdered();
    }

    /** Batches of random sizes that begin again at random rows, with more waiting calls than a window holds. */
    @Test
    void randomBatchesRunEachCallOnceAcrossOwners() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        String waiting = key(0, 2);
        Bodies.gates.put(waiting, new Gate());
        List<String> rows = new ArrayList<>();
        while (rows.size() < 10_000) {
            int lane = random.nextBoolean() ? 0 : random.nextInt(LANES);
            for (int i = random.nextInt(20); i >= 0; i--) {
                rows.add(lane == 0 && random.nextInt(8) > 0 ? waiting : key(lane, random.nextInt(3)));
            }
        }
        TestEngine owner = engine();
        int row = 0;
        int closedAt = 0;
        while (row < rows.size()) {
            if (random.nextInt(8) == 0) {
                row = Math.max(0, row - random.nextInt(150));
            }
            int last = Math.min(rows.size() - 1, row + random.nextInt(EntryRecord.MOST_CALLS));
            row = append(SOURCE, row, rows, row, last);
            // more often, and the call that waits would count as the cause of its owners' deaths
            if (row > closedAt + rows.size() / 4) {
                closedAt = row;
                close(owner);
                owner = engine();
            }
        }
        Await.until("parked calls", LIMIT, () -> number("EXISTS", STREAM + "0:parked") == 1);
        close(owner);
        append(SOURCE, 0, rows, 0, 255);
        engine();
        Bodies.gates.get(waiting).open();
        Await.until(
                () -> rows.size() + " calls, not " + Bodies.notes.size(),
                LIMIT,
                () -> Bodies.notes.size() >= rows.size());
        assertNothingIsUnfinished();

        assertEquals(rows.size(), Bodies.notes.size());
        assertEquals(rows.size(), new HashSet<>(Bodies.notes).size());
        assertOrdered();
    }

    // ---- results

    /** Waits for the result of a call in an engine. */
    private static CompletableFuture<CallOutcome> expect(TestEngine engine, CallId id) {
        CompletableFuture<CallOutcome> result = new CompletableFuture<>();
        engine.queues.results().expect(id, new ResultListener() {
            @Override
            public Executor executor() {
                return Runnable::run;
            }

            @Override
            public void outcome(CallId call, CallOutcome outcome) {
                result.complete(outcome);
            }

            @Override
            public void failed(RuntimeException why) {
                result.completeExceptionally(why);
            }
        });
        return result;
    }

    /** Sends a call for each of the addresses. */
    private void add(int b, UUID... replyTo) {
        List<CallRecord> calls = Arrays.stream(replyTo)
                .map(address -> new CallRecord("add", null, true, ADD.encode(new Object[] {1, b})).withReplyTo(address))
                .toList();
        append(new EntryRecord(SOURCE, 5, List.of(new EntryRecord.Section(0, 0, calls))));
    }

    private static String results(UUID session) {
        return "floodlock:{default:results:" + session + "}";
    }

    @Test
    void aResultGoesToItsReplyAddress() throws Exception {
        sendToReplyAddresses(2, CallOutcome.Kind.VALUE);
    }

    @Test
    void theExceptionOfADeadCallGoesToItsReplyAddress() throws Exception {
        sendToReplyAddresses(0, CallOutcome.Kind.THROWN);
    }

    private void sendToReplyAddresses(int b, CallOutcome.Kind kind) throws Exception {
        UUID away = UUID.randomUUID();
        TestEngine consuming = engine();
        CompletableFuture<CallOutcome> other = expect(sender, new CallId(SOURCE, 5, 0));
        CompletableFuture<CallOutcome> own = expect(consuming, new CallId(SOURCE, 6, 0));

        add(b, sender.queues.session(), consuming.queues.session(), away, null);

        assertEquals(kind, other.get(20, TimeUnit.SECONDS).kind());
        assertEquals(kind, own.get(20, TimeUnit.SECONDS).kind());
        Await.until("the result", LIMIT, () -> number("HLEN", results(away)) == 1);
        assertEquals(
                new CallId(SOURCE, 7, 0).toString(),
                redis.cli("HKEYS", results(away)).strip());
        Await.until("an empty stream", LIMIT, () -> number("XLEN", STREAM + "calls") == 0);
        assertEquals(4, number("HGET", STREAM + "state", "finished"));
        assertEquals(0, number("EXISTS", results(consuming.queues.session())), "it took no way through Redis");
        // the control: without an address it goes to the session of the entry
        assertEquals(
                new CallId(SOURCE, 8, 0).toString(),
                redis.cli("HKEYS", results(SOURCE)).strip());
    }

    /** The session of the entry is the consumer's own, and yet another JVM waits. */
    @Test
    void aReplyAddressCountsBeforeTheSessionOfTheEntry() throws Exception {
        TestEngine consuming = engine();
        UUID session = consuming.queues.session();
        CallId id = new CallId(session, 1_000, 0);
        CompletableFuture<CallOutcome> other = expect(sender, id);
        CompletableFuture<CallOutcome> own = expect(consuming, id);

        CallRecord call =
                new CallRecord("add", null, true, ADD.encode(new Object[] {1, 2})).withReplyTo(sender.queues.session());
        append(new EntryRecord(session, 1_000, List.of(new EntryRecord.Section(0, 0, List.of(call)))));

        assertEquals(CallOutcome.Kind.VALUE, other.get(20, TimeUnit.SECONDS).kind());
        assertNothingIsUnfinished();
        assertFalse(own.isDone());
    }
}
