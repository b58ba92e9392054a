package io.floodlock;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FloodlockWithoutAgentTest {

    @Test
    void saysThatNothingIsProtectedAndWhatToDo() {
        assertFalse(Floodlock.isActive());
        IllegalStateException failure = assertThrows(IllegalStateException.class, Floodlock::requireAgent);
        assertTrue(failure.getMessage().contains("-javaagent:"), failure.getMessage());
    }

    @Test
    void holdsNoLockAndIsInNoTransaction() {
        assertThrows(IllegalStateException.class, Floodlock::fencingToken);
        assertThrows(IllegalStateException.class, () -> Floodlock.fencingToken("order:42"));
        assertNull(Floodlock.transactionId());
    }
}
