package io.floodlock.runtime.lock.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.lock.LockMode;
import org.junit.jupiter.api.Test;

class TokenBlockTest {

    @Test
    void scopesThatFollowEachOtherDrawWhatCameWithTheGrant() {
        TokenBlock tokens = new TokenBlock(LockMode.EXCLUSIVE, 100);
        for (int i = 0; i < 11; i++) {
            assertEquals(100 + i, tokens.draw(LockMode.EXCLUSIVE));
            assertFalse(tokens.low(), "after " + (i + 1));
        }
        assertEquals(111, tokens.draw(LockMode.EXCLUSIVE));
        assertTrue(tokens.low());
        assertEquals(64, tokens.nextBlock());
        for (int i = 12; i < 16; i++) {
            assertEquals(100 + i, tokens.draw(LockMode.EXCLUSIVE));
        }
        assertEquals(0, tokens.draw(LockMode.EXCLUSIVE));
        tokens.reserved(1_000, 64);
        assertEquals(1_000, tokens.draw(LockMode.EXCLUSIVE));
    }

    @Test
    void aReadPhaseHasOne() {
        TokenBlock tokens = new TokenBlock(LockMode.SHARED, 100);
        for (int i = 0; i < 20; i++) {
            assertEquals(100, tokens.draw(LockMode.SHARED));
            assertFalse(tokens.low());
        }
    }

    @Test
    void whatADatabaseHasOutgrownIsForgone() {
        TokenBlock tokens = new TokenBlock(LockMode.EXCLUSIVE, 100);
        tokens.outgrown(107);
        assertEquals(0, tokens.draw(LockMode.EXCLUSIVE));
        assertTrue(tokens.low());
        tokens.reserved(107, 64);
        assertEquals(0, tokens.draw(LockMode.EXCLUSIVE));
        tokens.reserved(108, 64);
        assertEquals(108, tokens.draw(LockMode.EXCLUSIVE));
    }
}
