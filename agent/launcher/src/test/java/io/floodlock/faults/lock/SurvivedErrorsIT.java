package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Overflowing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Errors that the application survives: the JVM goes on locking, leaves no key behind, and ends. */
@OnEachJdk
class SurvivedErrorsIT extends SharedRedis {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int RUNS = 10;
    private static final int THREADS = 3;

    @Test
    void stacksThatEndAnywhereInLockingLeaveNoKeyBehind() {
        overflows("-XX:+UseSerialGC");
    }

    /** Frames are largest where they are interpreted. */
    @Test
    void interpretedStacksToo() {
        overflows("-Xint");
    }

    private void overflows(String mode) {
        try (Program deep = program(Overflowing.class).jvm(mode).start();
                Program other = program(Overflowing.class).start()) {
            // so that what is only done once is not what overflows
            deep.call("takeAll", "warm", "0", "50").value();

            String[] ends = deep.begin("overflow", Integer.toString(RUNS), Integer.toString(THREADS), "220000")
                    .reply(LIMIT)
                    .value()
                    .split(" ");

            assertEquals(2 * RUNS * THREADS, ends.length);
            for (String end : ends) {
                String[] words = end.split(",");
                assertEquals("StackOverflowError", words[1], end);
                int depth = Integer.parseInt(words[2]);
                other.call("takeAll", words[0], Integer.toString(Math.max(0, depth - 40)), Integer.toString(depth + 1))
                        .value();
            }
            deep.call("takeAll", "warm", "0", "50").value();
            deep.begin("exit", "5");
            assertEquals(5, deep.jvm().awaitExit(), deep.jvm()::output);
        }
    }

    @Test
    void aHeapThatIsFullForAWhileEndsNothing() {
        try (Program full = program(Overflowing.class).jvm("-Xmx40m").start();
                Program other = program(Overflowing.class).start()) {
            full.call("takeAll", "warm", "0", "50").value();

            String[] told = full.begin("fillHeap", "4").reply(LIMIT).value().split(" ");

            assertTrue(Integer.parseInt(told[1]) > 0, "the heap must have been full: " + String.join(" ", told));
            other.begin("takeAll", "heap/1", "0", "200").reply(LIMIT).value();
            full.begin("takeAll", "heap/1", "0", "200").reply(LIMIT).value();
            full.begin("exit", "5");
            assertEquals(5, full.jvm().awaitExit(), full.jvm()::output);
        }
    }
}
