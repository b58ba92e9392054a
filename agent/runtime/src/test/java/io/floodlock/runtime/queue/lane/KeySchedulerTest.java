package io.floodlock.runtime.queue.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeySchedulerTest {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());

    private final KeyScheduler order = new KeyScheduler();

    private LaneCall call(String key) {
        LaneCall call = new LaneCall(null);
        call.clearance = LaneCall.Clearance.CLEARED;
        order.add(call, key);
        return call;
    }

    @Test
    void oneCallOfAKeyAtATime() {
        LaneCall first = call("a");
        LaneCall second = call("a");
        LaneCall other = call("b");

        assertSame(first, order.next());
        assertSame(other, order.next());
        assertNull(order.next());
        order.done(first);
        assertSame(second, order.next());
    }

    @Test
    void callsWithoutAKeyRunBesideEachOther() {
        LaneCall first = call(null);
        LaneCall second = call(null);

        assertSame(first, order.next());
        assertSame(second, order.next());
    }

    @Test
    void aParkedKeyWaitsAndOthersGoOn() {
        LaneCall failing = call("a");
        call("a");
        assertSame(failing, order.next());
        order.park(failing, null);
        LaneCall other = call("b");

        assertSame(other, order.next());
        assertNull(order.next());
        int parking = failing.line.parkings;
        assertFalse(order.wake(failing.line, parking - 1), "an old timer");
        assertTrue(order.wake(failing.line, parking));
        assertSame(failing, order.next());
    }

    @Test
    void anyOrderOfEventsKeepsTheOrderOfEachKey() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        Map<String, List<LaneCall>> expected = new HashMap<>();
        Map<String, Integer> done = new HashMap<>();
        Map<LaneCall, String> keys = new HashMap<>();
        Set<LaneCall> running = new HashSet<>();
        Set<LaneCall> parked = new HashSet<>();
        int added = 0;
        int finished = 0;
        while (finished < 5_000) {
            int what = random.nextInt(5);
            if (what == 0 && added < 5_000) {
                String key = "k" + random.nextInt(20);
                LaneCall call = call(key);
                keys.put(call, key);
                expected.computeIfAbsent(key, k -> new ArrayList<>()).add(call);
                added++;
            } else if (what <= 2) {
                LaneCall call = order.next();
                if (call != null) {
                    String key = keys.get(call);
                    assertSame(expected.get(key).get(done.getOrDefault(key, 0)), call, "the next of its key");
                    assertTrue(running.add(call));
                }
            } else if (what == 3 && !running.isEmpty()) {
                LaneCall call = running.iterator().next();
                running.remove(call);
                int end = random.nextInt(8);
                if (end < 2) {
                    order.park(call, null);
                    parked.add(call);
                } else if (end == 2) {
                    order.putBack(call);
                } else {
                    order.done(call);
                    done.merge(keys.get(call), 1, Integer::sum);
                    finished++;
                }
            } else if (!parked.isEmpty()) {
                LaneCall call = parked.iterator().next();
                parked.remove(call);
                assertTrue(order.wake(call.line, call.line.parkings));
            }
        }
        assertEquals(5_000, added);
    }
}
