package io.floodlock.runtime.queue.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.ParkedField;
import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ProducerProgress;
import io.floodlock.runtime.queue.record.ReservedCalls;
import io.floodlock.runtime.queue.store.CallStore.Fate;
import io.floodlock.runtime.queue.store.LaneLog.Outcome;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store must keep of the contract of {@link CallStore} and of all that it consists of. */
@Timeout(120)
public abstract class CallStoreContract {

    protected static final Duration PATIENCE = Duration.ofSeconds(30);
    protected static final String QUEUE = "q";

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());
    private static final int LANES = 5;

    private final UUID jvmOne = UUID.randomUUID();
    private final UUID jvmTwo = UUID.randomUUID();
    private final UUID producer = UUID.randomUUID();
    private final AtomicLong sequences = new AtomicLong();
    private final List<LaneFeed> feeds = new ArrayList<>();

    private CallStore one;
    private CallStore two;

    // ---- what a store provides

    /** A queue's store as another JVM opens it. What is stored is empty when a test opens its first one. */
    public abstract CallStore store(String queue, int lanesWhenNew);

    /** The feed of a JVM of its own. */
    public abstract LaneFeed feed(Supplier<Collection<LaneFeed.Consumer>> consumers);

    /** The channel as another JVM opens it. */
    public abstract ResultChannel results();

    /** The entries that the stream holds, in its order. */
    public abstract List<Position> entries(String queue, int stream);

    public abstract int deadLetters(String queue, int stream, int lane);

    /** Deletes the layout of the queue, and nothing of its streams. */
    public abstract void loseLayout(String queue);

    /** Deletes the stream with its entries, but not what is known of its lanes. */
    public abstract void loseStream(String queue, int stream);

    public abstract void loseAll();

    /** Makes the queue one of another format. */
    public abstract void changeFormat(String queue, int stream);

    /** While it is refused, the store can't apply changes of the lane that mark calls; none is marked yet. */
    public abstract void refuseMarks(String queue, int stream, int lane, boolean refused);

    /** While it is full, the store takes no entries. */
    public abstract void setFull(boolean full);

    /** Ends the server at once; what it has confirmed is not lost. */
    public abstract void kill();

    /** Starts it again with what it has stored. */
    public abstract void restart();

    /** Closes what one test has used. */
    public abstract void storesClosed();

    // ---- what the tests use

    @BeforeEach
    void open() {
        one = store(QUEUE, LANES);
        two = store(QUEUE, LANES);
    }

    @AfterEach
    void close() {
        feeds.forEach(LaneFeed::close);
        storesClosed();
    }

    protected <T> T get(CompletableFuture<T> answer) {
        return one.await(answer, PATIENCE);
    }

    private static Throwable failureOf(CompletableFuture<?> answer) {
        return assertThrows(CompletionException.class, answer::join).getCause();
    }

    /** The first stream of the layout, and its lanes. */
    private record Place(LaneLayout layout, int stream, List<Integer> lanes) {

        static Place of(LaneLayout layout) {
            int stream = layout.streams().get(0);
            return new Place(layout, stream, layout.lanesOf(stream));
        }

        int lane() {
            return lanes.get(0);
        }
    }

    private Place prepared() {
        return Place.of(get(one.prepare()));
    }

    /** Prepared by stores that know a queue of another number of lanes. */
    private static Place only(LaneLayout layout, int lanes) {
        assertEquals(lanes, layout.lanes());
        return Place.of(layout);
    }

    private EntryRecord entry(int... lanes) {
        return Entries.of(producer, sequences.incrementAndGet(), lanes);
    }

    private Appender.Answer send(CallStore from, Place to, EntryRecord entry, Integer... loads) {
        return get(from.appender().append(to.layout(), to.stream(), OutgoingEntry.of(entry), List.of(loads)));
    }

    private Position stored(Place to, EntryRecord entry) {
        Appender.Answer answer = send(one, to, entry);
        assertEquals(Appender.Outcome.STORED, answer.outcome(), answer.detail());
        return answer.id();
    }

    private Appender.Answer counters(Place of, Integer... loads) {
        return get(one.appender().append(of.layout(), of.stream(), OutgoingEntry.NONE, List.of(loads)));
    }

    private long unfinished(Place of) {
        Appender.Answer answer = counters(of);
        assertEquals(Appender.Outcome.STORED, answer.outcome(), answer.detail());
        assertNull(answer.id());
        return answer.unfinished();
    }

    /** An entry with a call for each of the dedup keys, in one lane. */
    private EntryRecord repeating(String... dedups) {
        List<CallRecord> calls = Arrays.stream(dedups)
                .map(dedup -> new CallRecord("call", null, false, new byte[0])
                        .withDedup(new CallRecord.Dedup(dedup, 600_000)))
                .toList();
        return new EntryRecord(producer, sequences.incrementAndGet(), List.of(new EntryRecord.Section(0, 0, calls)));
    }

    @Test
    void aCallThatRepeatsAnotherIsLeftOutAndNotCounted() {
        Place place = prepared();
        stored(place, repeating("a", "b"));
        assertEquals(2, unfinished(place));

        EntryRecord second = repeating("b", "c", "c", "a");
        stored(place, second);
        assertEquals(3, unfinished(place), "c is new");
        // its reply was lost
        stored(place, second);
        assertEquals(4, unfinished(place), "the repetition leaves out the same, and the owner counts it as finished");

        Appender.Answer nothing = send(one, place, repeating("c", "b"));
        assertEquals(Appender.Outcome.STORED, nothing.outcome());
        assertNull(nothing.id());
        assertEquals(4, nothing.unfinished());
    }

    /** An owner of a lane, which stores one step after the other. */
    private final class Owner {
        final LaneLog log;
        final int lane;
        final long epoch;
        final LaneSnapshot found;
        Position low;
        long number;

        Owner(CallStore store, Place in, int lane, long epoch, UUID self) {
            this.log = store.lane(in.layout(), lane);
            this.lane = lane;
            this.epoch = epoch;
            this.found = get(log.takeOver(epoch, self));
            this.low = found.lowWatermark();
        }

        NextStep next() {
            return new NextStep(epoch, number + 1).low(low);
        }

        LaneLog.Answer apply(NextStep step) {
            return get(log.apply(step.sealed()));
        }

        LaneLog.Answer store(NextStep step) {
            LaneLog.Answer answer = apply(step);
            assertEquals(Outcome.STORED, answer.outcome(), answer.detail());
            number++;
            return answer;
        }

        void passes(Position entry) {
            store(next().low(entry));
            low = entry;
        }
    }

    private Owner owner(Place in, int lane, long epoch) {
        return new Owner(one, in, lane, epoch, jvmOne);
    }

    private Random random() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        return new Random(SEED);
    }

    // ---- layout

    @Test
    void storesWithDifferentSettingsAgreeOnTheLayout() {
        List<CompletableFuture<LaneLayout>> all = new ArrayList<>();
        for (int lanes = 3; lanes < 9; lanes++) {
            all.add(store(QUEUE, lanes).prepare());
        }
        Set<LaneLayout> layouts = new HashSet<>();
        all.forEach(layout -> layouts.add(get(layout)));
        assertEquals(1, layouts.size(), layouts::toString);
        assertEquals(layouts, Set.of(get(one.prepare())));
    }

    @Test
    void allStreamsOfThePreparedLayoutTakeEntries() {
        LaneLayout layout = get(one.prepare());
        for (int stream : layout.streams()) {
            EntryRecord entry = entry(layout.lanesOf(stream).get(0));
            assertEquals(
                    Appender.Outcome.STORED,
                    send(two, new Place(layout, stream, layout.lanesOf(stream)), entry)
                            .outcome());
        }
    }

    @Test
    void aLayoutThatIsDeletedAloneFollowsStreamsThatHoldCalls() {
        Place place = prepared();
        stored(place, entry(place.lane()));
        loseLayout(QUEUE);
        CallStore other = store(QUEUE, LANES + 3);
        assertEquals(place.layout(), get(other.prepare()));
        assertEquals(place.layout(), get(one.prepare()));
        assertEquals(2, send(other, place, entry(place.lane())).unfinished());
    }

    @Test
    void aLayoutThatIsDeletedAloneFollowsStreamsWhoseLanesHaveParkedCalls() {
        Place place = prepared();
        Position entry = stored(place, entry(place.lane()));
        List<Owner> owners =
                place.lanes().stream().map(lane -> owner(place, lane, 1)).toList();
        Owner owner = owners.get(0);
        owner.store(owner.next().parked(new ParkedField(0, "key").toString(), new byte[] {1}));
        owners.forEach(each -> each.passes(entry));
        assertEquals(List.of(), entries(QUEUE, place.stream()));
        loseLayout(QUEUE);
        assertEquals(place.layout(), get(store(QUEUE, LANES + 3).prepare()));
    }

    @Test
    void aStoreThatKnowsALayoutStoresItAgainAfterAllIsLost() {
        LaneLayout layout = get(one.prepare());
        loseAll();
        assertEquals(layout, get(one.prepare()));
        assertEquals(layout, get(store(QUEUE, LANES + 3).prepare()));
    }

    @Test
    void aQueueOfAnotherFormatIsLeftAlone() {
        Place place = prepared();
        changeFormat(QUEUE, place.stream());
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, () -> get(two.prepare()));
        assertEquals(Failure.UNAVAILABLE, failure.kind());
        Throwable refused = failureOf(two.lane(place.layout(), place.lane()).takeOver(1, jvmTwo));
        assertInstanceOf(IllegalStateException.class, refused);
        assertTrue(refused.getMessage().contains("format"), refused.getMessage());
    }

    // ---- appending

    @Test
    void theOrderOfTheStreamIsThatOfConfirmedAppends() {
        record Confirmed(long sent, long answered, Position id) {}
        Place place = prepared();
        AtomicLong clock = new AtomicLong();
        List<Confirmed> all = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CallStore from = i % 2 == 0 ? one : two;
            producers.add(CompletableFuture.runAsync(() -> {
                for (int sent = 0; sent < 30; sent++) {
                    long begun = clock.incrementAndGet();
                    Position id = send(from, place, entry(place.lane())).id();
                    all.add(new Confirmed(begun, clock.incrementAndGet(), id));
                }
            }));
        }
        producers.forEach(this::get);
        for (Confirmed before : all) {
            for (Confirmed after : all) {
                if (before.answered() < after.sent()) {
                    assertTrue(before.id().compareTo(after.id()) < 0, before + " before " + after);
                }
            }
        }
        assertEquals(all.stream().map(Confirmed::id).sorted().toList(), entries(QUEUE, place.stream()));
    }

    @Test
    void anEntryForAnotherLayoutIsNotStored() {
        Place place = prepared();
        LaneLayout unknown = new LaneLayout(LANES + 1, place.layout().streams());
        Appender.Answer answer = send(one, new Place(unknown, place.stream(), place.lanes()), entry(0));
        assertEquals(Appender.Outcome.OTHER_LAYOUT, answer.outcome());
        assertNull(answer.id());
        assertEquals(List.of(), entries(QUEUE, place.stream()));
        assertEquals(0, unfinished(place));
    }

    @Test
    void aStreamThatIsMissingTakesNoEntries() {
        Place place = prepared();
        stored(place, entry(place.lane()));
        for (Runnable loss : List.<Runnable>of(() -> loseStream(QUEUE, place.stream()), this::loseAll)) {
            loss.run();
            assertEquals(
                    Appender.Outcome.NO_STREAM,
                    send(one, place, entry(place.lane())).outcome());
            assertEquals(List.of(), entries(QUEUE, place.stream()));
            get(one.prepare());
            assertEquals(0, unfinished(place));
            stored(place, entry(place.lane()));
        }
    }

    @Test
    void theCountersOfAStreamThatIsMissingAreNotGiven() {
        Place place = prepared();
        stored(place, entry(place.lane()));
        for (Runnable loss : List.<Runnable>of(() -> loseStream(QUEUE, place.stream()), this::loseAll)) {
            loss.run();
            assertEquals(Appender.Outcome.NO_STREAM, counters(place).outcome());
            get(one.prepare());
            assertEquals(0, unfinished(place));
        }
    }

    @Test
    void anAppendWithoutCallsCountsAndStoresNothing() {
        Place place = prepared();
        assertEquals(0, unfinished(place));
        Position id = stored(place, entry(place.lanes().get(0), place.lanes().get(1)));
        assertEquals(2, unfinished(place));
        assertEquals(List.of(id), entries(QUEUE, place.stream()));
    }

    @Test
    void unfinishedCallsAreThoseSentLessThoseFinished() {
        Place place = prepared();
        int first = place.lanes().get(0);
        int second = place.lanes().get(1);
        EntryRecord repeated = entry(first, second);
        stored(place, repeated);
        assertEquals(4, send(two, place, repeated).unfinished());
        Position last = stored(place, entry(first));
        assertEquals(5, unfinished(place));
        Owner owner = owner(place, first, 1);
        Owner beside = owner(place, second, 1);
        String field = new ParkedField(0, "key").toString();

        owner.store(owner.next().parked(field, new byte[] {1}));
        assertEquals(5, unfinished(place), "a parked call is unfinished");
        NextStep finish = owner.next().finished(1);
        owner.store(finish);
        assertEquals(4, unfinished(place));
        assertEquals(Outcome.STORED, owner.apply(finish).outcome());
        assertEquals(4, unfinished(place), "the step was repeated");
        owner.store(owner.next().finished(1).dead(1));
        assertEquals(3, unfinished(place), "a dead letter is finished");
        beside.store(beside.next().low(last).finished(2));
        assertEquals(1, unfinished(place));
        Owner successor = new Owner(two, place, first, 2, jvmTwo);
        assertEquals(Outcome.LOST, owner.apply(owner.next().finished(1)).outcome());
        assertEquals(1, unfinished(place), "a refused step counts nothing");
        for (int lane : place.lanes()) {
            if (lane != first && lane != second) {
                owner(place, lane, 1).passes(last);
            }
        }
        successor.passes(last);
        assertEquals(List.of(), entries(QUEUE, place.stream()));
        assertEquals(1, unfinished(place), "the parked call outlives the stream");
        successor.store(successor.next().finished(1).parkedGone(field));
        assertEquals(0, unfinished(place));
    }

    @Test
    void loadsComeBackAsTheOwnersStatedThem() {
        Place place = prepared();
        List<Integer> lanes = place.lanes();
        Owner first = owner(place, lanes.get(0), 1);
        Owner last = new Owner(two, place, lanes.get(LANES - 1), 1, jvmTwo);
        first.store(first.next().load(7));
        last.store(last.next().load(1_000_000_000_000L));
        Integer[] asked = {lanes.get(LANES - 1), lanes.get(1), lanes.get(0)};
        assertEquals(List.of(1_000_000_000_000L, 0L, 7L), counters(place, asked).loads());
        first.store(first.next().load(0));
        assertEquals(
                List.of(1_000_000_000_000L, 0L, 0L),
                send(two, place, entry(0), asked).loads());
    }

    @Test
    void aFullStoreRefusesEntriesAndTakesAllThatEmptiesIt() {
        Place place = prepared();
        Position before =
                stored(place, entry(place.lanes().get(0), place.lanes().get(1)));
        List<Owner> owners =
                place.lanes().stream().map(lane -> owner(place, lane, 1)).toList();
        setFull(true);
        try {
            Appender.Answer refused = send(one, place, entry(place.lane()));
            assertEquals(Appender.Outcome.REFUSED, refused.outcome());
            assertFalse(refused.detail().isBlank());
            assertEquals(2, unfinished(place));
            assertEquals(place.layout(), get(two.prepare()));
            Owner successor = new Owner(two, place, place.lane(), 2, jvmTwo);
            get(two.consumers().announce(jvmTwo, PATIENCE, "text", place.layout()));
            get(results().store(producer, Map.of("id", new byte[] {1})));
            successor.store(successor.next().parked("0:-", new byte[] {1}).dead(1));
            successor.store(successor.next().low(before).finished(2).parkedGone("0:-"));
            owners.stream().skip(1).forEach(owner -> owner.passes(before));
            assertEquals(0, unfinished(place));
            assertEquals(List.of(), entries(QUEUE, place.stream()));
        } finally {
            setFull(false);
        }
        stored(place, entry(place.lane()));
    }

    // ---- steps of lanes

    @Test
    void aTakeoverOnlyRaisesTheEpoch() {
        Place place = prepared();
        LaneLog log = one.lane(place.layout(), place.lane());
        get(log.takeOver(11, jvmOne));
        get(log.takeOver(11, jvmOne));
        LaneLog late = two.lane(place.layout(), place.lane());
        assertInstanceOf(IllegalStateException.class, failureOf(late.takeOver(10, jvmTwo)));
        assertEquals(
                Outcome.STORED, get(log.apply(new NextStep(11, 1).sealed())).outcome());
        get(late.takeOver(12, jvmTwo));
        assertInstanceOf(IllegalStateException.class, failureOf(log.takeOver(11, jvmOne)));
    }

    @Test
    void aStepOfAnEarlierEpochIsLostAndChangesNothing() {
        Place place = prepared();
        Position entry = stored(place, entry(place.lane()));
        Owner former = owner(place, place.lane(), 10);
        for (int lane : place.lanes()) {
            if (lane != place.lane()) {
                owner(place, lane, 10).passes(entry);
            }
        }
        Owner successor = new Owner(two, place, place.lane(), 11, jvmTwo);
        NextStep late =
                former.next().low(entry).finished(1).load(9).leaving().dead(1).parked("0:-", new byte[] {1});
        late.change.identity(producer, new ProducerProgress(1, 1).toString());
        assertEquals(Outcome.LOST, former.apply(late).outcome());
        assertEquals(List.of(entry), entries(QUEUE, place.stream()));
        assertEquals(1, unfinished(place));
        assertEquals(List.of(0L), counters(place, place.lane()).loads());
        assertEquals(0, deadLetters(QUEUE, place.stream(), place.lane()));
        assertNull(get(successor.log.parked(List.of("0:-"))).get(0));
        LaneSnapshot found = get(successor.log.takeOver(12, jvmTwo));
        assertEquals(jvmTwo.toString(), found.previousOwner());
        assertEquals(Position.ZERO, found.lowWatermark());
        assertEquals(Map.of(), found.identities());
        assertEquals(List.of(), found.parkedFields());
        successor = new Owner(two, place, place.lane(), 13, jvmTwo);
        successor.passes(entry);
        assertEquals(List.of(), entries(QUEUE, place.stream()));
    }

    @Test
    void aStepAfterASkippedOneIsAGapAndChangesNothing() {
        Place place = prepared();
        Owner owner = owner(place, place.lane(), 1);
        owner.store(owner.next());
        NextStep beyond = new NextStep(1, 3).finished(1).dead(1).parked("0:-", new byte[] {1});
        assertEquals(Outcome.GAP, owner.apply(beyond).outcome());
        assertEquals(0, unfinished(place));
        assertEquals(0, deadLetters(QUEUE, place.stream(), place.lane()));
        assertNull(get(owner.log.parked(List.of("0:-"))).get(0));
        owner.store(owner.next());
        assertEquals(Outcome.STORED, owner.apply(beyond).outcome());
        assertEquals(1, deadLetters(QUEUE, place.stream(), place.lane()));
    }

    @Test
    void stepsAreCountedFromEachTakeover() {
        Place place = prepared();
        Owner owner = owner(place, place.lane(), 1);
        owner.store(owner.next());
        owner.store(owner.next());
        Owner successor = new Owner(two, place, place.lane(), 2, jvmTwo);
        assertEquals(
                Outcome.GAP,
                get(successor.log.apply(new NextStep(2, 3).sealed())).outcome());
        successor.store(successor.next());
    }

    @Test
    void aStepIsAppliedOnceHoweverOftenItArrives() {
        Place place = prepared();
        for (int i = 0; i < 9; i++) {
            stored(place, entry(place.lane()));
        }
        Owner owner = owner(place, place.lane(), 1);
        owner.store(owner.next().parked("0:-", new byte[] {1}));
        LaneStep step = owner.next()
                .finished(2)
                .dead(1)
                .dead(2)
                .parked("1:-", new byte[] {2})
                .parkedGone("0:-")
                .sealed();
        List<CompletableFuture<LaneLog.Answer>> together = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            together.add(owner.log.apply(step));
        }
        together.forEach(answer -> assertEquals(Outcome.STORED, get(answer).outcome()));
        LaneLog again = two.lane(place.layout(), place.lane());
        assertEquals(Outcome.STORED, get(again.apply(step)).outcome());
        assertEquals(7, unfinished(place));
        assertEquals(2, deadLetters(QUEUE, place.stream(), place.lane()));
        assertArrayEquals(new byte[] {2}, get(again.parked(List.of("1:-"))).get(0));
        owner.number++;
        owner.store(owner.next().parkedGone("1:-"));
        assertEquals(Outcome.STORED, get(again.apply(step)).outcome(), "a step before the last one");
        assertNull(get(again.parked(List.of("1:-"))).get(0));
        assertEquals(7, unfinished(place));
    }

    @Test
    void aStepThatIsRefusedOrLostDoesNotHinderThoseOfOtherLanes() {
        Place place = prepared();
        List<Integer> lanes = place.lanes();
        Position entry = stored(place, entry(lanes.get(3), lanes.get(4)));
        List<Owner> owners = lanes.stream().map(lane -> owner(place, lane, 10)).toList();
        new Owner(two, place, lanes.get(0), 11, jvmTwo);
        refuseMarks(QUEUE, place.stream(), lanes.get(2), true);
        NextStep marks = owners.get(2).next().finished(1).dead(1).parked("0:-", new byte[] {1});
        BitSet finished = new BitSet();
        finished.set(0);
        marks.change.marked(entry, finished);
        LaneStep refused = marks.sealed();
        List<LaneStep> steps = List.of(
                owners.get(0).next().finished(1).sealed(),
                new NextStep(10, 2).finished(1).sealed(),
                refused,
                owners.get(3).next().finished(1).dead(1).sealed(),
                owners.get(4).next().finished(1).wantingLast().sealed());
        List<Outcome> expected = List.of(Outcome.LOST, Outcome.GAP, Outcome.REFUSED, Outcome.STORED, Outcome.STORED);
        for (int round = 0; round < 2; round++) {
            List<CompletableFuture<LaneLog.Answer>> together = new ArrayList<>();
            for (int i = 0; i < steps.size(); i++) {
                together.add(owners.get(i).log.apply(steps.get(i)));
            }
            List<LaneLog.Answer> answers = together.stream().map(this::get).toList();
            assertEquals(expected, answers.stream().map(LaneLog.Answer::outcome).toList());
            assertFalse(answers.get(2).detail().isBlank());
            assertEquals(entry, answers.get(4).last());
            answers.subList(0, 4).forEach(answer -> assertNull(answer.last(), "it was not asked for"));
        }
        assertEquals(0, unfinished(place));
        assertEquals(1, deadLetters(QUEUE, place.stream(), lanes.get(3)));
        assertEquals(0, deadLetters(QUEUE, place.stream(), lanes.get(2)));
        assertNull(get(owners.get(2).log.parked(List.of("0:-"))).get(0));
        refuseMarks(QUEUE, place.stream(), lanes.get(2), false);
        assertEquals(Outcome.STORED, get(owners.get(2).log.apply(refused)).outcome());
        assertEquals(1, deadLetters(QUEUE, place.stream(), lanes.get(2)));
        assertEquals(
                Set.of(entry),
                get(owners.get(2).log.takeOver(11, jvmOne)).doneBits().keySet());
    }

    @Test
    void largeChangesAreStoredBesideSmallOnes() {
        Random random = random();
        Place place = prepared();
        List<Owner> owners =
                place.lanes().stream().map(lane -> owner(place, lane, 1)).toList();
        Map<Owner, Map<String, byte[]>> parked = new HashMap<>();
        for (int round = 0; round < 4; round++) {
            List<CompletableFuture<LaneLog.Answer>> together = new ArrayList<>();
            for (Owner owner : owners) {
                NextStep step = owner.next();
                byte[] record = new byte[random.nextInt(3) == 0 || owner == owners.get(1) ? 1 << 20 : 10];
                random.nextBytes(record);
                step.parked(round + ":k{" + owner.lane + "}", record);
                parked.computeIfAbsent(owner, of -> new HashMap<>()).put(round + ":k{" + owner.lane + "}", record);
                together.add(owner.log.apply(step.sealed()));
                owner.number++;
            }
            together.forEach(answer -> assertEquals(Outcome.STORED, get(answer).outcome()));
        }
        parked.forEach((owner, records) -> {
            records.forEach((field, record) -> assertArrayEquals(
                    record, get(owner.log.parked(List.of(field))).get(0)));
            assertEquals(
                    records.keySet(),
                    new HashSet<>(get(owner.log.takeOver(2, jvmTwo)).parkedFields()));
        });
    }

    @Test
    void aTakeoverFindsWhatTheStepsStored() {
        Random random = random();
        Place place = prepared();
        Owner owner = owner(place, place.lane(), 1);
        LaneModel model = new LaneModel(random);
        for (int i = 0; i < LaneModel.ENTRIES; i++) {
            model.entries.add(stored(place, entry(place.lane())));
        }
        for (int epoch = 2; epoch < 12; epoch++) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                owner.store(model.change(owner.next()));
            }
            UUID self = epoch % 2 == 0 ? jvmTwo : jvmOne;
            Owner successor = new Owner(epoch % 2 == 0 ? two : one, place, place.lane(), epoch, self);
            assertEquals(epoch % 2 == 0 ? jvmOne.toString() : jvmTwo.toString(), successor.found.previousOwner());
            assertEquals(model.entries.get(LaneModel.ENTRIES - 1), successor.found.last());
            model.compare(successor.found);
            owner = successor;
        }
    }

    @Test
    void aLaneThatNobodyOwnedIsEmpty() {
        Place place = prepared();
        LaneSnapshot found = owner(place, place.lane(), 1).found;
        assertEquals("", found.previousOwner());
        assertEquals(Position.ZERO, found.lowWatermark());
        assertEquals(0, found.ordinal());
        assertEquals(ReservedCalls.NONE, found.reserved());
        assertTrue(found.last().compareTo(stored(place, entry(place.lane()))) < 0);
        assertEquals(List.of(), List.copyOf(found.identities().keySet()));
        assertTrue(found.doneBits().isEmpty() && found.attempts().isEmpty());
        assertEquals(List.of(), found.parkedFields());
    }

    @Test
    void anOwnerThatLeavesIsNoPreviousOwner() {
        Place place = prepared();
        Owner first = owner(place, place.lane(), 1);
        Owner second = new Owner(two, place, place.lane(), 2, jvmTwo);
        assertEquals(jvmOne.toString(), second.found.previousOwner());
        second.store(second.next().leaving());
        assertEquals("", owner(place, place.lane(), 3).found.previousOwner());
        assertEquals(Outcome.LOST, first.apply(first.next()).outcome());
        assertEquals(Outcome.LOST, second.apply(second.next()).outcome());
    }

    @Test
    void theStreamIsTrimmedUpToTheLeastLowOfAllItsLanes() {
        Random random = random();
        Place place = prepared();
        List<Position> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(stored(place, entry(place.lanes().get(i % LANES))));
        }
        Map<Integer, Owner> owners = new HashMap<>();
        int never = place.lanes().get(LANES - 1);
        int epoch = 1;
        for (int round = 0; round < 60; round++) {
            List<CompletableFuture<LaneLog.Answer>> together = new ArrayList<>();
            for (int lane : place.lanes()) {
                if (lane == never && round < 20 || random.nextInt(3) == 0) {
                    continue;
                }
                if (!owners.containsKey(lane) || random.nextInt(10) == 0) {
                    Position before = owners.containsKey(lane) ? owners.get(lane).low : Position.ZERO;
                    owners.put(lane, new Owner(random.nextBoolean() ? one : two, place, lane, epoch++, jvmOne));
                    assertEquals(before, owners.get(lane).low);
                }
                Owner owner = owners.get(lane);
                int passed = all.indexOf(owner.low);
                owner.low = random.nextInt(4) == 0 || passed == all.size() - 1
                        ? owner.low
                        : all.get(passed + 1 + random.nextInt(Math.min(4, all.size() - passed - 1)));
                together.add(owner.log.apply(owner.next().sealed()));
                owner.number++;
            }
            together.forEach(answer -> assertEquals(Outcome.STORED, get(answer).outcome()));
            Position least = place.lanes().stream()
                    .map(lane -> owners.containsKey(lane) ? owners.get(lane).low : Position.ZERO)
                    .min(Position::compareTo)
                    .orElseThrow();
            assertEquals(all.stream().filter(id -> id.compareTo(least) > 0).toList(), entries(QUEUE, place.stream()));
        }
        owners.values().forEach(owner -> owner.passes(all.get(all.size() - 1)));
        assertEquals(List.of(), entries(QUEUE, place.stream()));
    }

    @Test
    void theLastIdOfTheStreamOutlivesItsEntries() {
        CallStore single = store("single", 1);
        Place place = only(get(single.prepare()), 1);
        EntryRecord entry = entry(0);
        Position id = get(single.appender().append(place.layout(), place.stream(), OutgoingEntry.of(entry), List.of()))
                .id();
        Owner owner = new Owner(single, place, 0, 1, jvmOne);
        owner.store(owner.next().low(id).finished(1));
        assertEquals(List.of(), entries("single", place.stream()));
        assertEquals(id, owner.store(owner.next().low(id).wantingLast()).last());
        assertEquals(id, new Owner(single, place, 0, 2, jvmTwo).found.last());
    }

    @Test
    void anOwnerLearnsThatTheStreamIsGone() {
        Place place = prepared();
        stored(place, entry(place.lane()));
        Owner owner = owner(place, place.lane(), 1);
        Owner beside = owner(place, place.lanes().get(1), 1);
        loseStream(QUEUE, place.stream());
        CompletableFuture<LaneLog.Answer> compared =
                owner.log.apply(owner.next().wantingLast().sealed());
        CompletableFuture<LaneLog.Answer> together =
                beside.log.apply(beside.next().dead(1).sealed());
        assertEquals(Outcome.STORED, get(compared).outcome());
        assertEquals(Position.ZERO, get(compared).last());
        assertEquals(Outcome.STORED, get(together).outcome());
        assertEquals(1, deadLetters(QUEUE, place.stream(), beside.lane));
    }

    @Test
    void aStepAfterAllWasLostIsLost() {
        Place place = prepared();
        Owner owner = owner(place, place.lane(), 1);
        owner.store(owner.next());
        loseAll();
        assertEquals(Outcome.LOST, owner.apply(owner.next()).outcome());
    }

    // ---- feeding

    private LaneFeed fed(FedQueue... queues) {
        LaneFeed feed = feed(() -> List.of(queues));
        feeds.add(feed);
        feed.start();
        return feed;
    }

    private Position fill(FedQueue queue, Place place, int entries) {
        Position last = null;
        for (int i = 0; i < entries; i++) {
            EntryRecord entry = entry(place.lanes().get(i % place.lanes().size()));
            queue.sent(entry);
            last = stored(place, entry);
        }
        return last;
    }

    private static void awaitRead(FedQueue queue, FedQueue.FedLane lane, Position last) {
        Await.until(
                () -> "lane " + lane.number() + " has read up to " + last + " but " + lane.cursor() + " "
                        + queue.failures(),
                PATIENCE,
                () -> lane.cursor().equals(last));
    }

    @Test
    void everyLaneGetsEveryEntryAfterItsCursorInOrder() {
        Random random = random();
        List<FedQueue> queues = new ArrayList<>();
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        Map<FedQueue, Set<Position>> ids = new HashMap<>();
        Map<FedQueue.FedLane, Position> starts = new HashMap<>();
        AtomicInteger sent = new AtomicInteger();
        int each = 150;
        for (String name : List.of(QUEUE, "other {:%} queue")) {
            CallStore store = name.equals(QUEUE) ? one : store(name, LANES);
            Place place = only(get(store.prepare()), LANES);
            FedQueue queue = new FedQueue(name, place.layout());
            queues.add(queue);
            Set<Position> stored = ConcurrentHashMap.newKeySet();
            ids.put(queue, stored);
            Runnable producing = () -> {
                Random own = new Random(SEED + sent.incrementAndGet());
                UUID session = UUID.randomUUID();
                for (int i = 1; i <= each; i++) {
                    EntryRecord entry = Entries.random(own, session, i, LANES);
                    queue.sent(entry);
                    CompletableFuture<Appender.Answer> answer =
                            store.appender().append(place.layout(), place.stream(), OutgoingEntry.of(entry), List.of());
                    stored.add(get(answer).id());
                }
            };
            producing.run();
            List<Position> before = stored.stream().sorted().toList();
            for (int lane : place.lanes()) {
                Position start = lane % 2 == 0 ? Position.ZERO : before.get(random.nextInt(before.size()));
                FedQueue.FedLane fed = queue.lane(lane, start);
                fed.want(random.nextBoolean());
                starts.put(fed, start);
            }
            queue.stopAtRandom(new Random(random.nextLong()));
            producers.add(CompletableFuture.runAsync(producing));
            producers.add(CompletableFuture.runAsync(producing));
        }
        LaneFeed feed = fed(queues.toArray(FedQueue[]::new));
        CompletableFuture<Void> produced = CompletableFuture.allOf(producers.toArray(CompletableFuture[]::new));
        Await.until(
                () -> "all is read but " + queues.get(0).failures()
                        + queues.get(1).failures(),
                PATIENCE,
                () -> {
                    boolean all = produced.isDone();
                    for (FedQueue queue : queues) {
                        Position last = Collections.max(ids.get(queue));
                        for (FedQueue.FedLane lane : queue.lanes()) {
                            lane.want(lane.wants() ? random.nextInt(30) > 0 : random.nextInt(4) == 0);
                            all &= lane.cursor().compareTo(last) >= 0;
                        }
                    }
                    feed.wake();
                    return all
                            || queues.stream()
                                    .anyMatch(queue -> !queue.failures().isEmpty());
                });
        get(produced);
        for (FedQueue queue : queues) {
            assertEquals(Set.of(), queue.failures());
            for (FedQueue.FedLane lane : queue.lanes()) {
                Position start = starts.get(lane);
                assertEquals(
                        ids.get(queue).stream()
                                .filter(id -> id.compareTo(start) > 0)
                                .sorted()
                                .toList(),
                        lane.taken(),
                        "lane " + lane.number());
            }
        }
    }

    @Test
    void aLaneThatBeginsToWantEntriesIsServedAlthoughAReadWaits() {
        Place place = prepared();
        FedQueue queue = new FedQueue(QUEUE, place.layout());
        Position last = fill(queue, place, 10);
        List<FedQueue.FedLane> lanes = place.lanes().stream()
                .map(lane -> queue.lane(lane, Position.ZERO))
                .toList();
        LaneFeed feed = fed(queue);
        Duration fastest = PATIENCE;
        for (FedQueue.FedLane lane : lanes) {
            long begun = System.nanoTime();
            lane.want(true);
            feed.wake();
            awaitRead(queue, lane, last);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            // the first lane finds no read that waits
            fastest = lane == lanes.get(0) || took.compareTo(fastest) > 0 ? fastest : took;
        }
        assertTrue(fastest.compareTo(Duration.ofSeconds(1)) < 0, "the fastest after " + fastest);
        assertEquals(Set.of(), queue.failures());
    }

    @Test
    void noDeliveryIsTheHeadOfALaneThatIsBehind() {
        Place place = prepared();
        FedQueue queue = new FedQueue(QUEUE, place.layout());
        Position last = fill(queue, place, 40);
        FedQueue.FedLane ahead = queue.lane(place.lanes().get(0), last);
        FedQueue.FedLane behind = queue.lane(place.lanes().get(1), Position.ZERO);
        ahead.want(true);
        behind.want(true);
        fed(queue);
        awaitRead(queue, behind, last);
        assertFalse(queue.wasHead(Position.ZERO), "a lane has read further");
        Position next = fill(queue, place, 1);
        awaitRead(queue, ahead, next);
        awaitRead(queue, behind, next);
        assertTrue(queue.wasHead(last), "all lanes have read equally far");
        assertEquals(Set.of(), queue.failures());
    }

    @Test
    void bytesThatAreNoEntryAreDeliveredAsTheyAre() {
        Place place = prepared();
        FedQueue queue = new FedQueue(QUEUE, place.layout());
        FedQueue.FedLane lane = queue.lane(place.lane(), Position.ZERO);
        lane.want(true);
        byte[] noEntry = {1, 2, 3};
        fill(queue, place, 2);
        Position strange = get(one.appender()
                        .append(place.layout(), place.stream(), new OutgoingEntry(noEntry, 1), List.of()))
                .id();
        Position last = fill(queue, place, 2);
        fed(queue);
        awaitRead(queue, lane, last);
        assertEquals(Set.of(), queue.failures());
        assertEquals(
                Set.of(strange),
                queue.unreadable().stream().map(LaneFeed.Entry::id).collect(Collectors.toSet()));
        assertArrayEquals(noEntry, queue.unreadable().get(0).raw());
    }

    @Test
    void aConsumerThatCannotTakeEntriesLosesItsLanesAndOthersAreFed() {
        Place place = prepared();
        CallStore store = store("other", LANES);
        Place other = only(get(store.prepare()), LANES);
        FedQueue broken = new FedQueue("other", other.layout());
        broken.lane(other.lane(), Position.ZERO).want(true);
        broken.breakDown();
        FedQueue queue = new FedQueue(QUEUE, place.layout());
        FedQueue.FedLane lane = queue.lane(place.lane(), Position.ZERO);
        lane.want(true);
        get(store.appender().append(other.layout(), other.stream(), OutgoingEntry.of(entry(0)), List.of()));
        fed(broken, queue);
        Await.until("its lane is given up", PATIENCE, () -> broken.givenUp().equals(List.of(other.lane())));
        awaitRead(queue, lane, fill(queue, place, 3));
        assertEquals(Set.of(), queue.failures());
    }

    @Test
    void afterTheServerHasDiedLanesAreCheckedAndFedAgain() {
        Place place = prepared();
        FedQueue queue = new FedQueue(QUEUE, place.layout());
        FedQueue.FedLane lane = queue.lane(place.lane(), Position.ZERO);
        lane.want(true);
        fed(queue);
        Position before = fill(queue, place, 5);
        awaitRead(queue, lane, before);
        kill();
        Await.until("the lane is checked", PATIENCE, () -> lane.checks() > 0);
        FloodlockFailure failure = assertThrows(
                FloodlockFailure.class,
                () -> one.await(two.consumers().announce(jvmTwo, PATIENCE, "", place.layout()), PATIENCE));
        assertEquals(Failure.UNAVAILABLE, failure.kind());
        assertFalse(one.isPermanent(failure));
        restart();
        Await.until("the store answers", PATIENCE, this::answers);
        assertEquals(5, unfinished(place));
        Position after = fill(queue, place, 5);
        assertTrue(after.compareTo(before) > 0);
        awaitRead(queue, lane, after);
        assertEquals(entries(QUEUE, place.stream()), lane.taken());
        assertEquals(Set.of(), queue.failures());
    }

    private boolean answers() {
        try {
            get(one.prepare());
            return true;
        } catch (FloodlockFailure e) {
            return false;
        }
    }

    @Test
    void aFeedThatIsClosedEndsItsReadAndDeliversNoMore() {
        Place place = prepared();
        FedQueue queue = new FedQueue(QUEUE, place.layout());
        FedQueue.FedLane lane = queue.lane(place.lane(), Position.ZERO);
        lane.want(true);
        LaneFeed feed = fed(queue);
        Position before = fill(queue, place, 3);
        awaitRead(queue, lane, before);
        // a read waits now, or begins to
        CompletableFuture<Void> closing = CompletableFuture.runAsync(feed::close);
        Await.until("it is closed", PATIENCE, closing::isDone);
        get(closing);
        FedQueue next = new FedQueue(QUEUE, place.layout());
        FedQueue.FedLane other = next.lane(place.lane(), before);
        other.want(true);
        fed(next);
        awaitRead(next, other, fill(next, place, 3));
        assertEquals(before, lane.cursor());
        feed.wake();
        feed.close();
        assertEquals(Set.of(), queue.failures());
        assertEquals(Set.of(), next.failures());
    }

    // ---- consumers

    private ConsumerDirectory.Found announce(CallStore from, UUID self, Duration valid, String text, LaneLayout known) {
        return get(from.consumers().announce(self, valid, text, known));
    }

    @Test
    void eachConsumerFindsAllThatAreRegistered() {
        LaneLayout layout = get(one.prepare());
        assertEquals(
                Map.of(jvmOne, "a"),
                announce(one, jvmOne, PATIENCE, "a", layout).members());
        String text = "0-3,5 ; text with spaces, 'quotes' and \u00e4\u20ac";
        ConsumerDirectory.Found found = announce(two, jvmTwo, PATIENCE, text, layout);
        assertEquals(Map.of(jvmOne, "a", jvmTwo, text), found.members());
        assertEquals(layout.toString(), found.layout());
        assertEquals(
                Map.of(jvmOne, "", jvmTwo, text),
                announce(one, jvmOne, PATIENCE, "", layout).members());
    }

    @Test
    void theConsumersOfAnotherQueueAreNotFound() {
        LaneLayout layout = get(one.prepare());
        announce(one, jvmOne, PATIENCE, "a", layout);
        CallStore other = store("other", LANES);
        assertEquals(
                Map.of(jvmTwo, "b"),
                announce(other, jvmTwo, PATIENCE, "b", get(other.prepare())).members());
    }

    @Test
    void aRegistrationExpiresUnlessItIsRenewed() {
        LaneLayout layout = get(one.prepare());
        UUID silent = UUID.randomUUID();
        announce(one, silent, Duration.ofMillis(300), "silent", layout);
        announce(one, jvmOne, Duration.ofMillis(300), "renewed", layout);
        announce(one, jvmOne, PATIENCE, "renewed", layout);
        Await.until(
                "it has expired",
                PATIENCE,
                () -> !announce(two, jvmTwo, PATIENCE, "", layout).members().containsKey(silent));
        assertEquals(
                Set.of(jvmOne, jvmTwo),
                announce(two, jvmTwo, PATIENCE, "", layout).members().keySet());
    }

    @Test
    void aConsumerThatLeavesIsFoundNoMore() {
        LaneLayout layout = get(one.prepare());
        announce(one, jvmOne, PATIENCE, "a", layout);
        announce(two, jvmTwo, PATIENCE, "b", layout);
        assertEquals(
                Map.of(jvmTwo, "b"),
                announce(one, jvmOne, Duration.ZERO, "a", layout).members());
        assertEquals(
                Map.of(jvmTwo, "b"),
                announce(two, jvmTwo, PATIENCE, "b", layout).members());
    }

    @Test
    void aLayoutThatIsLostIsStoredAgain() {
        LaneLayout layout = get(one.prepare());
        for (Runnable loss : List.<Runnable>of(() -> loseLayout(QUEUE), this::loseAll)) {
            loss.run();
            assertEquals(
                    layout.toString(),
                    announce(one, jvmOne, PATIENCE, "", layout).layout());
            assertEquals(layout, get(store(QUEUE, LANES + 3).prepare()));
        }
        LaneLayout other = new LaneLayout(LANES + 1, layout.streams());
        assertEquals(
                layout.toString(), announce(two, jvmTwo, PATIENCE, "", other).layout(), "it was not lost");
    }

    // ---- the fate of a call

    private Fate fate(Place in, EntryRecord entry, int lane, Position id) {
        EntryRecord.Section section = entry.section(lane);
        CallId call = entry.id(section.first());
        return get(two.fate(call, in.stream(), lane, id));
    }

    private NextStep passing(Owner owner, EntryRecord entry, Position id) {
        NextStep step = owner.next().low(id);
        long reached = entry.reached(entry.section(owner.lane));
        step.change.identity(entry.session(), new ProducerProgress(reached, 1).toString());
        owner.low = id;
        return step;
    }

    @Test
    void aCallWaitsUntilItsLaneHasPassedItsEntry() {
        Place place = prepared();
        int lane = place.lanes().get(0);
        int beside = place.lanes().get(1);
        EntryRecord entry = entry(lane, beside);
        Position id = stored(place, entry);
        EntryRecord later = entry(lane);
        Position laterId = stored(place, later);
        assertEquals(Fate.WAITS, fate(place, entry, lane, id));
        Owner owner = owner(place, lane, 1);
        assertEquals(Fate.WAITS, fate(place, entry, lane, id));
        owner.store(owner.next().finished(1));
        assertEquals(Fate.WAITS, fate(place, entry, lane, id));
        owner.store(passing(owner, entry, id));
        assertEquals(Fate.OVER, fate(place, entry, lane, id));
        assertEquals(Fate.WAITS, fate(place, entry, beside, id), "another lane has not passed it");
        assertEquals(Fate.WAITS, fate(place, later, lane, laterId));
        owner.store(passing(owner, later, laterId));
        assertEquals(Fate.OVER, fate(place, entry, lane, id));
        assertEquals(Fate.OVER, fate(place, later, lane, laterId));
        place.lanes().stream().filter(other -> other != lane).forEach(other -> {
            Owner each = owner(place, other, 1);
            each.store(passing(each, later, laterId));
        });
        assertEquals(List.of(), entries(QUEUE, place.stream()));
        assertEquals(Fate.OVER, fate(place, entry, lane, id));
        assertEquals(Fate.OVER, fate(place, entry, beside, id));
    }

    @Test
    void aCallMayWaitWhileItsLaneHasParkedCalls() {
        Place place = prepared();
        EntryRecord entry = entry(place.lane());
        Position id = stored(place, entry);
        Owner owner = owner(place, place.lane(), 1);
        owner.store(passing(owner, entry, id).parked("0:-", new byte[] {1}));
        assertEquals(Fate.WAITS, fate(place, entry, place.lane(), id));
        owner.store(owner.next().finished(1).parkedGone("0:-"));
        assertEquals(Fate.OVER, fate(place, entry, place.lane(), id));
    }

    @Test
    void aCallWhoseEntryVanishedIsLost() {
        Place place = prepared();
        EntryRecord kept = entry(place.lane());
        Position keptId = stored(place, kept);
        EntryRecord entry = entry(place.lane());
        Position id = stored(place, entry);
        Owner owner = owner(place, place.lane(), 1);
        owner.store(passing(owner, kept, keptId));
        loseStream(QUEUE, place.stream());
        assertEquals(Fate.LOST, fate(place, entry, place.lane(), id));
        assertEquals(Fate.OVER, fate(place, kept, place.lane(), keptId));
        get(one.prepare());
        stored(place, entry(place.lane()));
        assertEquals(Fate.LOST, fate(place, entry, place.lane(), id));
        loseAll();
        assertEquals(Fate.LOST, fate(place, kept, place.lane(), keptId));
    }

    @Test
    void aNumberedCallIsOverWhicheverOfItsEntriesWasPassed() {
        Place place = prepared();
        int lane = place.lane();
        UUID source = UUID.nameUUIDFromBytes(new byte[] {1});
        EntryRecord first = numbered(source, 5, lane, 3);
        Position firstId = stored(place, first);
        EntryRecord second = numbered(source, 5, lane, 5);
        Position secondId = stored(place, second);
        Owner owner = owner(place, lane, 1);
        for (int number = 5; number <= 9; number++) {
            assertEquals(Fate.WAITS, fate(place, second.id(number - 5), secondId));
        }
        owner.store(passing(owner, first, firstId));
        assertEquals(Fate.OVER, fate(place, first.id(2), firstId));
        assertEquals(Fate.OVER, fate(place, second.id(2), secondId), "it is a repetition there");
        assertEquals(Fate.WAITS, fate(place, second.id(3), secondId));
        owner.store(owner.next().parked("0:-", new byte[] {1}));
        assertEquals(Fate.WAITS, fate(place, first.id(2), firstId), "it may be the parked one");
        owner.store(owner.next().finished(1).parkedGone("0:-"));
        owner.store(passing(owner, second, secondId));
        assertEquals(Fate.OVER, fate(place, second.id(4), secondId));
        assertEquals(Fate.LOST, fate(place, numbered(source, 10, lane, 1).id(0), secondId), "no entry held it");
    }

    private Fate fate(Place in, CallId call, Position id) {
        return get(two.fate(call, in.stream(), in.lane(), id));
    }

    private static EntryRecord numbered(UUID source, long first, int lane, int count) {
        CallRecord call = new CallRecord("call", "key", true, new byte[0]);
        EntryRecord.Section section = new EntryRecord.Section(lane, 0, Collections.nCopies(count, call));
        return new EntryRecord(source, first, List.of(section));
    }

    // ---- results

    private static Map<String, byte[]> take(ResultChannel from, UUID session, CallStoreContract in) {
        Map<String, byte[]> found = new HashMap<>();
        in.get(from.take(session, (call, result) -> assertNull(found.put(call, result), "twice")));
        return found;
    }

    private static void assertResults(Map<String, byte[]> expected, Map<String, byte[]> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((call, result) -> assertArrayEquals(result, found.get(call)));
    }

    @Test
    void resultsReachTheirSessionAndAreGoneOnceTaken() {
        ResultChannel mine = results();
        ResultChannel theirs = results();
        Map<String, byte[]> results = Map.of("a.1.0", new byte[] {1}, "a.1.1", new byte[0], "a.2.0", new byte[300_000]);
        get(theirs.store(jvmOne, results));
        get(theirs.store(jvmTwo, Map.of("b.1.0", new byte[] {2})));
        assertResults(results, take(mine, jvmOne, this));
        assertResults(Map.of(), take(mine, jvmOne, this));
        assertResults(Map.of("b.1.0", new byte[] {2}), take(theirs, jvmTwo, this));
    }

    @Test
    void storingResultsTwiceDoesNoHarm() {
        ResultChannel mine = results();
        ResultChannel theirs = results();
        Map<String, byte[]> results = Map.of("a.1.0", new byte[] {1});
        get(theirs.store(jvmOne, results));
        get(theirs.store(jvmOne, results));
        assertResults(results, take(mine, jvmOne, this));
        get(theirs.store(jvmOne, results));
        assertResults(results, take(mine, jvmOne, this));
        assertResults(Map.of(), take(mine, jvmOne, this));
    }

    @Test
    void resultsThatCouldNotBePassedAreNotRemoved() {
        ResultChannel mine = results();
        Map<String, byte[]> results = Map.of("a.1.0", new byte[] {1});
        get(results().store(jvmOne, results));
        failureOf(mine.take(jvmOne, (call, result) -> {
            throw new IllegalStateException("injected");
        }));
        assertResults(results, take(mine, jvmOne, this));
    }

    @Test
    void noResultIsLostThatIsStoredWhileOthersAreTaken() {
        ResultChannel mine = results();
        ResultChannel theirs = results();
        Set<String> expected = new HashSet<>();
        CompletableFuture<Void> storing = CompletableFuture.completedFuture(null);
        for (int i = 0; i < 200; i++) {
            String call = "a." + i + ".0";
            expected.add(call);
            storing = storing.thenCompose(done -> theirs.store(jvmOne, Map.of(call, new byte[] {1})));
        }
        Set<String> found = new HashSet<>();
        Await.until("all results are there", PATIENCE, () -> {
            found.addAll(take(mine, jvmOne, this).keySet());
            return found.equals(expected);
        });
        get(storing);
    }

    @Test
    void aHintArrivesWithResults() {
        ResultChannel mine = results();
        Map<String, byte[]> found = new ConcurrentHashMap<>();
        get(mine.listen(jvmOne, () -> mine.take(jvmOne, found::put)));
        ResultChannel theirs = results();
        for (int i = 0; i < 5; i++) {
            String call = "a." + i + ".0";
            get(theirs.store(jvmOne, Map.of(call, new byte[] {1})));
            Await.until("a hint, and the result", PATIENCE, () -> found.containsKey(call));
        }
    }

    @Test
    void anInterruptionIsAHint() {
        ResultChannel mine = results();
        AtomicInteger looks = new AtomicInteger();
        get(mine.listen(jvmOne, looks::incrementAndGet));
        get(results().store(jvmOne, Map.of("a.1.0", new byte[] {1})));
        Await.until("a hint", PATIENCE, () -> looks.get() > 0);
        kill();
        int before = looks.get();
        restart();
        Await.until("a hint after the interruption", PATIENCE, () -> looks.get() > before);
        Await.until("the store answers", PATIENCE, this::answers);
        assertResults(Map.of("a.1.0", new byte[] {1}), take(mine, jvmOne, this));
    }
}
