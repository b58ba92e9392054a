package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.record.Position;
import io.floodlock.runtime.queue.record.ReservedCalls;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReservationTest {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());

    private final KeyScheduler order = new KeyScheduler();
    private final Reservation reservation = new Reservation();
    private final EntryProgress entry = new EntryProgress(Position.ZERO, null, 0, 10_000, 0, new BitSet(), null);
    private long read;

    private LaneCall read(String key) {
        LaneCall call = new LaneCall(null);
        call.entry = entry;
        call.ordinal = read++;
        reservation.read(call, !order.isLong(key));
        order.add(call, key);
        return call;
    }

    private Set<Long> store() {
        ReservedCalls next = reservation.next(order, read, true);
        Set<Long> out = new TreeSet<>(next.ordinals());
        reservation.stored(order);
        return out;
    }

    @Test
    void callsThatOnlyWaitAreNotReserved() {
        reservation.load(ReservedCalls.NONE, 0);
        for (int i = 0; i < 4_000; i++) {
            read("k" + i % 500);
        }

        Set<Long> stored = store();

        assertTrue(!stored.isEmpty() && stored.size() < 100, stored::toString);
    }

    @Test
    void aCallThatArrivesAtAnIdleLaneMayRunAtOnce() {
        reservation.load(ReservedCalls.NONE, 0);
        Set<Long> stored = store();

        LaneCall call = read("a");

        assertTrue(stored.contains(call.ordinal));
        assertSame(call, order.next());
    }

    /** What a full window keeps from being read would be suspects for nothing. */
    @Test
    void aLaneThatCantReadReservesNothingUnread() {
        reservation.load(ReservedCalls.NONE, 0);
        assertFalse(reservation.next(order, 0, true).ordinals().isEmpty());
        assertEquals(Set.of(), reservation.next(order, 0, false).ordinals());
        assertFalse(reservation.runsLow(order, 0, false), "no change is needed for it");
    }

    @Test
    void aHotKeyDoesNotFillTheReservation() {
        reservation.load(ReservedCalls.NONE, 0);
        for (int i = 0; i < 1_000; i++) {
            read("hot");
        }
        LaneCall other = read("other");

        assertTrue(store().contains(other.ordinal));
    }

    /** A fast lane reserves far ahead; calls of a key that hangs must not stay in the set, or all become suspects. */
    @Test
    void aKeyThatHangsDoesNotFillTheReservationOfAFastLane() {
        reservation.load(ReservedCalls.NONE, 0);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 500; i++) {
                read(null);
            }
            store();
            for (LaneCall call = order.next(); call != null; call = order.next()) {
                reservation.started();
                order.done(call);
                reservation.remove(call);
            }
        }
        int ahead = store().size();
        assertTrue(ahead > 600, () -> ahead + " reserved ahead, so the lane is not fast");

        read("hangs");
        assertEquals("hangs", order.next().line.key);
        for (int i = 0; i < 4_000; i++) {
            read("hangs");
            if (i % 100 == 0) {
                store();
            }
        }

        Set<Long> stored = store();
        long waiting = stored.stream().filter(ordinal -> ordinal < read).count();
        assertTrue(waiting <= 300, () -> waiting + " of " + stored);
    }

    @Test
    void suspectsStaySuspectsUntilTheyAreFinished() {
        TreeSet<Long> suspects = new TreeSet<>(Set.of(3L, 5L));
        reservation.load(new ReservedCalls(suspects, new TreeSet<>()), 0);
        assertTrue(store().containsAll(suspects), "they are not read yet");
        for (int i = 0; i < 4; i++) {
            LaneCall call = read("k" + i);
            assertEquals(i == 3, call.suspect);
            if (call.suspect) {
                reservation.remove(call);
            }
        }

        assertEquals(Set.of(5L), intersection(store(), suspects));
    }

    private static Set<Long> intersection(Set<Long> some, Set<Long> others) {
        Set<Long> out = new TreeSet<>(some);
        out.retainAll(others);
        return out;
    }

    /** What runs is always in the set that Redis holds, before and after the change that is under way. */
    @Test
    void whateverHappensACallRunsOnlyIfRedisKnows() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        reservation.load(ReservedCalls.NONE, 0);
        Set<Long> inRedis = new HashSet<>();
        Set<Long> underWay = null;
        Deque<LaneCall> running = new ArrayDeque<>();
        Deque<LaneCall> parked = new ArrayDeque<>();
        int ended = 0;
        while (ended < 5_000) {
            switch (random.nextInt(8)) {
                case 0 -> read(random.nextInt(4) == 0 ? null : "k" + random.nextInt(30));
                case 1 -> {
                    if (underWay == null) {
                        underWay = new HashSet<>(
                                reservation.next(order, read, true).ordinals());
                    }
                }
                case 2 -> {
                    if (underWay != null) {
                        inRedis = underWay;
                        underWay = null;
                        reservation.stored(order);
                    }
                }
                case 3, 4 -> {
                    LaneCall call = order.next();
                    if (call == null) {
                        reservation.starved();
                    } else {
                        reservation.started();
                        running.add(call);
                        assertTrue(inRedis.contains(call.ordinal));
                        assertTrue(underWay == null || underWay.contains(call.ordinal));
                    }
                }
                case 5, 6 -> {
                    LaneCall call = running.poll();
                    if (call != null && random.nextInt(5) == 0) {
                        reservation.remove(call);
                        order.park(call, null);
                        parked.add(call);
                    } else if (call != null) {
                        order.done(call);
                        reservation.remove(call);
                        ended++;
                    }
                }
                default -> {
                    LaneCall call = parked.poll();
                    if (call != null) {
                        assertTrue(order.wake(call.line, call.line.parkings));
                    }
                }
            }
        }
        assertFalse(read < 5_000);
    }
}
