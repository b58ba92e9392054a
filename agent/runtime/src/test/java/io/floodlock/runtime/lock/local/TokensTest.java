package io.floodlock.runtime.lock.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.lock.Mode;
import org.junit.jupiter.api.Test;

class TokensTest {

    @Test
    void scopesThatFollowEachOtherDrawWhatCameWithTheGrant() {
        Tokens tokens = new Tokens(Mode.EXCLUSIVE, 100);
        for (int i = 0; i < 11; i++) {
            assertEquals(100 + i, tokens.draw(Mode.EXCLUSIVE));
            assertFalse(tokens.low(), "after " + (i + 1));
        }
        assertEquals(111, tokens.draw(Mode.EXCLUSIVE));
        assertTrue(tokens.low());
        assertEquals(64, tokens.nextBlock());
        for (int i = 12; i < 16; i++) {
            assertEquals(100 + i, tokens.draw(Mode.EXCLUSIVE));
        }
        assertEquals(0, tokens.draw(Mode.EXCLUSIVE));
        tokens.reserved(1_000, 64);
        assertEquals(1_000, tokens.draw(Mode.EXCLUSIVE));
    }

    @Test
    void aReadPhaseHasOne() {
        Tokens tokens = new Tokens(Mode.SHARED, 100);
        for (int i = 0; i < 20; i++) {
            assertEquals(100, tokens.draw(Mode.SHARED));
            assertFalse(tokens.low());
        }
    }

    @Test
    void whatADatabaseHasOutgrownIsForgone() {
        Tokens tokens = new Tokens(Mode.EXCLUSIVE, 100);
        tokens.outgrown(107);
        assertEquals(0, tokens.draw(Mode.EXCLUSIVE));
        assertTrue(tokens.low());
        tokens.reserved(107, 64);
        assertEquals(0, tokens.draw(Mode.EXCLUSIVE));
        tokens.reserved(108, 64);
        assertEquals(108, tokens.draw(Mode.EXCLUSIVE));
    }
}
