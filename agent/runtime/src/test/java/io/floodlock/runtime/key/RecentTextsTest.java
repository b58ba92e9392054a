package io.floodlock.runtime.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentTextsTest {

    private final RecentTexts recent = new RecentTexts();

    @Test
    void equalValuesHaveTheTextOfTheFirst() {
        String text = "order:" + 1_000;
        recent.remember(1_000, text);
        assertSame(text, recent.of(Integer.parseInt("1000")));
        assertNull(recent.of(1_000L), "of another type");
        assertNull(recent.of(1_001));
    }

    @Test
    void whatSharesASlotTakesIt() {
        // the two have one hash
        recent.remember("Aa", "first");
        assertNull(recent.of("BB"));
        recent.remember("BB", "second");
        assertEquals("second", recent.of("BB"));
        assertNull(recent.of("Aa"));
    }

    @Test
    void onlyWhatCantChangeSuits() {
        assertTrue(RecentTexts.suits("a") && RecentTexts.suits(1) && RecentTexts.suits(1L));
        assertTrue(RecentTexts.suits(new UUID(1, 2)));
        assertFalse(RecentTexts.suits(new StringBuilder("a")));
        assertFalse(RecentTexts.suits(Thread.State.NEW), "its class may be an application's");
        assertFalse(RecentTexts.suits(null));
    }
}
