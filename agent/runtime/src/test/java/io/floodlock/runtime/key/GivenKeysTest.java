package io.floodlock.runtime.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import org.junit.jupiter.api.Test;

class GivenKeysTest {

    @Test
    void aKeyIsThatOfAnAnnotationWithTheSameValues() {
        assertEquals("order:42", GivenKeys.of("order:{}", new Object[] {42L}));
        assertEquals("order:a%3Ab:3", GivenKeys.of("order:{}:{}", new Object[] {"a:b", 3}));
        assertEquals("plain", GivenKeys.of("plain", new Object[0]));
        assertEquals("{}:1", GivenKeys.of("{{}}:{}", new Object[] {1}));
    }

    @Test
    void whatIsNoKeyIsSaid() {
        refused("{} 0 times, but 1 values", "order", "x");
        refused("{} 2 times, but 1 values", "order:{}:{}", "x");
        refused("position 1", "{0}", "x");
        refused("are not separated", "{}{}", "x", "y");
        refused("is null", "order:{}", (Object) null);
        refused("{0} is null", "order:{}", (Object[]) null);
        refused("template is null", null, "x");
        refused("empty", " ");
        refused("is 1006 characters long", "order:{}", "x".repeat(1_000));
    }

    @Test
    void formsTakePartsWithADigitForValues() {
        assertEquals("order:{}", GivenKeys.form("order:42"));
        assertEquals("order:{}:item:{}", GivenKeys.form("order:a%3A1:item:9f3-77"));
        assertEquals("nightly-report", GivenKeys.form("nightly-report"));
        assertEquals("{}", GivenKeys.form("0a1b"));
        assertEquals("::", GivenKeys.form("::"));
    }

    private static void refused(String reason, String template, Object... values) {
        String message = assertThrows(FloodlockFailure.class, () -> GivenKeys.of(template, values))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }
}
