package io.floodlock.faults.app;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.PessimisticLock;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Threads that use up their stacks, and a heap that is full for a while; all survived. */
public final class Overflowing {

    private Overflowing() {}

    @PessimisticLock(key = "leaf:{run}:{depth}", waitTime = "1s")
    static void leaf(String run, int depth) {
        // nothing but the lock
    }

    @PessimisticLock(key = "leaf:{run}:{depth}", waitTime = "30s")
    static void patient(String run, int depth) {}

    @PessimisticLock(key = "level:{run}:{depth}", waitTime = "30s")
    static void patientLevel(String run, int depth) {}

    /** Takes keys that nobody should hold. */
    static String takeAll(String run, String from, String to) {
        for (int depth = Integer.parseInt(from); depth <= Integer.parseInt(to); depth++) {
            patient(run, depth);
            patientLevel(run, depth);
        }
        return "taken";
    }

    /**
     * Lets several threads at once overflow, each at another depth in each run.
     *
     * @return for each recursion: what it is, how it ended, and at which level
     */
    static String overflow(String runs, String threads, String below) throws InterruptedException {
        Map<String, String> ends = new ConcurrentSkipListMap<>();
        for (int i = 0; i < Integer.parseInt(runs); i++) {
            int run = i;
            List<Thread> all = new ArrayList<>();
            for (int t = 0; t < Integer.parseInt(threads); t++) {
                int thread = t;
                long stack = Long.parseLong(below) + run * 776L + thread * 97L;
                all.add(new Thread(null, () -> both(run + "/" + thread, ends), "deep", stack));
            }
            all.forEach(Thread::start);
            for (Thread thread : all) {
                thread.join();
            }
        }
        return String.join(" ", ends.values());
    }

    private static void both(String run, Map<String, String> ends) {
        ends.put(run + "a", endOf(run, Overflowing::walk));
        ends.put(run + "b", endOf(run, Overflowing::levels));
    }

    private static String endOf(String run, BiConsumer<String, int[]> recursion) {
        int[] depth = new int[1];
        String end = "returned";
        try {
            recursion.accept(run, depth);
        } catch (StackOverflowError | FloodlockUnavailableException | LockLostException | LockTimeoutException e) {
            end = e.getClass().getSimpleName();
        }
        return run + "," + end + "," + depth[0];
    }

    private static void walk(String run, int[] depth) {
        leaf(run, depth[0]++);
        walk(run, depth);
    }

    private static void levels(String run, int[] depth) {
        level(run, depth[0]++, depth);
    }

    /** Holds a key on each level. */
    @PessimisticLock(key = "level:{run}:{level}", waitTime = "1s")
    static void level(String run, int level, int[] depth) {
        level(run, depth[0]++, depth);
    }

    /** Takes keys while the heap is full again and again. @return how many were taken and how many calls failed */
    static String fillHeap(String rounds) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong taken = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String run = "heap/" + t;
            all.add(new Thread(() -> take(run, stop, taken, failed), "taker-" + t));
        }
        all.forEach(Thread::start);
        for (int round = 0; round < Integer.parseInt(rounds); round++) {
            fill();
        }
        stop.set(true);
        for (Thread thread : all) {
            thread.join();
        }
        return taken + " " + failed;
    }

    private static void take(String run, AtomicBoolean stop, AtomicLong taken, AtomicLong failed) {
        for (int i = 0; !stop.get(); i++) {
            try {
                leaf(run, i % 1_000);
                taken.incrementAndGet();
            } catch (OutOfMemoryError | FloodlockUnavailableException | LockLostException | LockTimeoutException e) {
                failed.incrementAndGet();
            }
        }
    }

    private static void fill() {
        List<byte[]> all = new LinkedList<>();
        long until = System.nanoTime() + 1_500_000_000L;
        while (System.nanoTime() < until) {
            try {
                all.add(new byte[4096]);
            } catch (OutOfMemoryError e) {
                try {
                    all.add(new byte[64]);
                } catch (OutOfMemoryError full) {
                    // full to the last byte
                }
            }
        }
        all.clear();
    }

    static String exit(String status) {
        System.exit(Integer.parseInt(status));
        return "unreachable";
    }
}
