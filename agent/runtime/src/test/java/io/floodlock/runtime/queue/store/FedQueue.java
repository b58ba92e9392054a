package io.floodlock.runtime.queue.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.record.EntryRecord;
import io.floodlock.runtime.queue.record.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The lanes of one queue as a feed sees them. Notes what each lane takes, and compares each entry with the one that was
 * sent. Thread-safe.
 */
final class FedQueue implements LaneFeed.Consumer {

    /** A lane that takes entries as a window does: those after its cursor, up to any place. */
    final class FedLane implements LaneFeed.Reader {

        private final int number;

        private final List<Position> taken = new ArrayList<>();
        private Position cursor;
        private boolean wants;
        private int checks;

        FedLane(int number, Position cursor) {
            this.number = number;
            this.cursor = cursor;
        }

        @Override
        public int number() {
            return number;
        }

        Position cursor() {
            synchronized (FedQueue.this) {
                return cursor;
            }
        }

        List<Position> taken() {
            synchronized (FedQueue.this) {
                return List.copyOf(taken);
            }
        }

        void want(boolean entries) {
            synchronized (FedQueue.this) {
                wants = entries;
            }
        }

        boolean wants() {
            synchronized (FedQueue.this) {
                return wants;
            }
        }

        int checks() {
            synchronized (FedQueue.this) {
                return checks;
            }
        }
    }

    private record Sent(UUID session, long sequence) {}

    private final String queue;
    private final LaneLayout layout;
    private final Map<Sent, EntryRecord> sent = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private final TreeMap<Integer, FedLane> lanes = new TreeMap<>();

    @GuardedBy("this")
    private final Set<String> failures = new HashSet<>();

    @GuardedBy("this")
    private final List<LaneFeed.Entry> unreadable = new ArrayList<>();

    /** Where deliveries began that were the head. */
    @GuardedBy("this")
    private final Set<Position> heads = new HashSet<>();

    @GuardedBy("this")
    private final List<Integer> givenUp = new ArrayList<>();

    /** Decides where lanes stop; null if they never do. */
    @GuardedBy("this")
    private Random stops;

    @GuardedBy("this")
    private boolean broken;

    FedQueue(String queue, LaneLayout layout) {
        this.queue = queue;
        this.layout = layout;
    }

    /** @param cursor the last entry that it has read */
    synchronized FedLane lane(int number, Position cursor) {
        FedLane lane = new FedLane(number, cursor);
        lanes.put(number, lane);
        return lane;
    }

    synchronized List<FedLane> lanes() {
        return List.copyOf(lanes.values());
    }

    /** From now on lanes stop at random among the entries of a delivery, and want no more then. */
    synchronized void stopAtRandom(Random random) {
        stops = random;
    }

    /** From now on it can't take entries. */
    synchronized void breakDown() {
        broken = true;
    }

    /** An entry that may arrive. */
    void sent(EntryRecord entry) {
        sent.put(new Sent(entry.session(), entry.sequence()), entry);
    }

    synchronized Set<String> failures() {
        return Set.copyOf(failures);
    }

    synchronized List<LaneFeed.Entry> unreadable() {
        return List.copyOf(unreadable);
    }

    /** Whether a delivery to a lane with this cursor was the head. */
    synchronized boolean wasHead(Position cursor) {
        return heads.contains(cursor);
    }

    synchronized List<Integer> givenUp() {
        return List.copyOf(givenUp);
    }

    @Override
    public String queue() {
        return queue;
    }

    @Override
    public synchronized void collect(BiConsumer<Integer, LaneFeed.Reading> wanting) {
        lanes.values().stream()
                .filter(lane -> lane.wants)
                .forEach(lane -> wanting.accept(layout.streamOf(lane.number), new LaneFeed.Reading(lane, lane.cursor)));
    }

    @Override
    public synchronized void deliver(LaneFeed.Delivery delivery) {
        if (broken) {
            throw new IllegalStateException("injected");
        }
        compare(delivery);
        for (LaneFeed.Reader reader : delivery.lanes()) {
            FedLane lane = (FedLane) reader;
            for (LaneFeed.Entry entry : delivery.entries()) {
                if (entry.id().compareTo(lane.cursor) <= 0) {
                    continue;
                }
                if (stops != null && stops.nextInt(25) == 0) {
                    lane.wants = false;
                    break;
                }
                lane.cursor = entry.id();
                lane.taken.add(entry.id());
            }
        }
    }

    @GuardedBy("this")
    private void compare(LaneFeed.Delivery delivery) {
        Set<Integer> numbers = new HashSet<>();
        Position least = null;
        for (LaneFeed.Reader reader : delivery.lanes()) {
            FedLane lane = (FedLane) reader;
            expect(numbers.add(lane.number), "lane " + lane.number + " twice");
            expect(lanes.get(lane.number) == lane, "a lane of another queue");
            expect(layout.streamOf(lane.number) == delivery.stream(), "a lane of another stream");
            least = least == null || lane.cursor.compareTo(least) < 0 ? lane.cursor : least;
        }
        Position behind = least;
        expect(
                delivery.isHead() || lanes.values().stream().anyMatch(lane -> lane.cursor.compareTo(behind) > 0),
                "not the head, although no lane has read further");
        if (delivery.isHead()) {
            heads.add(behind);
        }
        Position before = Position.ZERO;
        for (LaneFeed.Entry entry : delivery.entries()) {
            expect(entry.id().compareTo(before) > 0, entry.id() + " after " + before);
            before = entry.id();
            if (entry.packed() == null) {
                unreadable.add(entry);
            } else {
                compare(entry.packed(), numbers);
            }
        }
    }

    @GuardedBy("this")
    private void compare(EntryRecord found, Set<Integer> delivered) {
        EntryRecord expected = sent.get(new Sent(found.session(), found.sequence()));
        if (expected == null) {
            failures.add("an entry that was not sent");
            return;
        }
        for (EntryRecord.Section section : found.sections()) {
            expect(delivered.contains(section.lane()), "a section of lane " + section.lane() + ", not delivered to");
        }
        for (int lane : delivered) {
            expect(same(expected.section(lane), found.section(lane)), "another section of lane " + lane);
        }
    }

    private static boolean same(EntryRecord.Section one, EntryRecord.Section other) {
        if (one == null || other == null) {
            return one == other;
        }
        return one.first() == other.first() && Entries.texts(one).equals(Entries.texts(other));
    }

    @GuardedBy("this")
    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            failures.add(otherwise);
        }
    }

    @Override
    public synchronized void check(LaneFeed.Reader lane) {
        ((FedLane) lane).checks++;
    }

    @Override
    public synchronized void giveUp(LaneFeed.Reader lane, String why) {
        givenUp.add(lane.number());
        ((FedLane) lane).wants = false;
        if (!broken) {
            failures.add("lane " + lane.number() + " was given up: " + why);
        }
    }
}
