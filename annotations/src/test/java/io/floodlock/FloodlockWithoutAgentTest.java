package io.floodlock;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class FloodlockWithoutAgentTest {

    @Test
    void saysThatNothingIsProtectedAndWhatToDo() {
        assertFalse(Floodlock.isActive());
        IllegalStateException failure = assertThrows(IllegalStateException.class, Floodlock::requireAgent);
        assertTrue(failure.getMessage().contains("-javaagent:"), failure.getMessage());
    }

    @Test
    void runsNothingThatIsToBeLocked() {
        AtomicBoolean ran = new AtomicBoolean();
        Locking locking = Floodlock.exclusive("order:42").shared("prices");
        List<Executable> calls = List.of(
                () -> Floodlock.locked("order:42", () -> ran.set(true)),
                () -> Floodlock.locked(List.of("order:42", "order:43"), () -> ran.getAndSet(true)),
                () -> locking.run(() -> ran.set(true)),
                () -> locking.call(() -> ran.getAndSet(true)),
                () -> locking.tryRun(() -> ran.set(true)),
                () -> locking.tryCall(() -> ran.getAndSet(true)));
        for (Executable call : calls) {
            IllegalStateException failure = assertThrows(IllegalStateException.class, call);
            assertTrue(failure.getMessage().contains("nothing was run"), failure.getMessage());
        }
        assertFalse(ran.get());
        assertThrows(IllegalStateException.class, () -> Floodlock.key("order:{}", 42));
    }

    @Test
    void limitsThatMakeNoSenseAreRefusedWithTheirValue() {
        Locking locking = Floodlock.exclusive("order:42");
        for (Executable limit : List.<Executable>of(
                () -> locking.waitTime(Duration.ofMillis(-1)),
                () -> locking.waitTime(null),
                () -> locking.maxHold(Duration.ZERO),
                () -> locking.minHold(Duration.ZERO),
                () -> locking.maxHold(Duration.ofDays(100_000)),
                () -> locking.minHold(Duration.ofSeconds(2)).maxHold(Duration.ofSeconds(1)))) {
            assertThrows(IllegalArgumentException.class, limit);
        }
    }

    @Test
    void holdsNoLockAndIsInNoTransaction() {
        assertThrows(IllegalStateException.class, Floodlock::fencingToken);
        assertThrows(IllegalStateException.class, () -> Floodlock.fencingToken("order:42"));
        assertNull(Floodlock.transactionId());
    }
}
