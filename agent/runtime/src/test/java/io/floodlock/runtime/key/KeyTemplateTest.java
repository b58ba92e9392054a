package io.floodlock.runtime.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyTemplateTest {

    record Item(String sku, int[] sizes) {}

    enum Currency {
        EUR {
            @Override
            public String toString() {
                return "euro";
            }
        }
    }

    static final class Order {
        private final long id;
        private final List<Item> items;
        private final boolean express = true;

        Order(long id, List<Item> items) {
            this.id = id;
            this.items = items;
        }

        public long getId() {
            return id;
        }
    }

    private final String name = "main";

    void call(Order order, Map<String, Integer> rates, Object any, Currency currency, String a, String b, byte[] raw) {}

    static void free(String a) {}

    private static final List<String> NAMES = List.of("order", "rates", "any", "currency", "a", "b", "raw");

    private final Order order = new Order(42, List.of(new Item("x.1", new int[] {7, 8})));

    @Test
    void walksGettersRecordsFieldsListsMapsAndArrays() {
        assertEquals("order:42", key("order:{order.id}"));
        assertEquals("order:42", key("order:{0.id}"));
        assertEquals("42", key("#order.id"));
        assertEquals("42", key("#p0.id"));
        assertEquals("x%2E1", key("{order.items[0].sku}"));
        assertEquals("x%2E1/8", key("{order.items.0.sku}/{order.items[0].sizes[1]}"));
        assertEquals("true", key("{order.express}"));
        assertEquals("3", key("{rates.EUR}"));
        assertEquals("3", key("{rates[EUR]}"));
        assertEquals("shop:main", key("shop:{this.name}"));
        assertEquals("all", key("all"));
        assertEquals("{42}", key("{{{order.id}}}"));
    }

    @Test
    void takesTheNameOfAnEnumAndTheTextOfAValue() {
        assertEquals("EUR", key("{currency}"));
        assertEquals(
                "00000000-0000-0001-0000-000000000002",
                key("{any}", order, null, new UUID(1, 2), Currency.EUR, "a", "b", null));
    }

    @Test
    void differentValuesNeverGiveOneKey() {
        String template = "{a}.{b}";
        assertNotEquals(pair(template, "a.b", "c"), pair(template, "a", "b.c"));
        assertNotEquals(pair(template, "%2E", ""), pair(template, ".", ""));
        assertNotEquals(pair(template, "é", "x"), pair(template, "%u00E9", "x"));
        assertEquals("a%7Btag%7D.x", pair(template, "a{tag}", "x"));
    }

    @Test
    void refusesPathsThatRunIntoEachOther() {
        assertTrue(refused("{a}{b}").contains("separator"));
        assertTrue(refused("{a}x{b}").contains("separator"));
    }

    @Test
    void refusesWhatTheMethodDoesNotHave() {
        assertTrue(refused("{ordr.id}").contains("names no parameter of the method, which has [order"));
        assertTrue(refused("{7}").contains("has 7, counted from 0"));
        assertTrue(refused("{order.nr}").contains("no method nr() or getNr() and no field nr"));
        assertTrue(refused("{order.items[0].nr}").contains("Item has no method nr()"));
        assertTrue(refused("{raw}").contains("{raw[0]}"));
        assertTrue(refused("{result.id}").contains("does not exist yet"));
        assertTrue(refused("{order.id").contains("has no }"));
        assertTrue(refused("order.id}").contains("has no {"));
        assertTrue(refused("{order..id}").contains("not a path"));
        assertTrue(refused(" ").contains("empty"));
    }

    @Test
    void namesTheRemedyWhereParameterNamesAreMissing() {
        var template = KeyTemplate.parse("{order.id}");
        var e = assertThrows(
                IllegalArgumentException.class, () -> template.check(List.of(), 7, false, DeclaredPaths.UNKNOWN));
        assertTrue(e.getMessage().contains("-parameters"), e.getMessage());
        KeyTemplate.parse("{0.id}").check(List.of(), 7, false, DeclaredPaths.UNKNOWN);
    }

    @Test
    void aStaticMethodHasNoInstance() {
        var template = KeyTemplate.parse("{this.name}");
        assertThrows(
                IllegalArgumentException.class, () -> template.check(List.of("a"), 1, true, DeclaredPaths.UNKNOWN));
    }

    @Test
    void refusesValuesWithoutATextOfTheirOwn() {
        assertTrue(invalid("{order.id}", null, null).contains("{order} is null"));
        assertTrue(invalid("{any}", order, new Object()).contains("no text for a key"));
        assertTrue(invalid("{any}", order, new int[1]).contains("{any} is an array"));
        assertTrue(invalid("{any}", order, null).contains("{any} is null"));
        assertTrue(invalid("{order.items[3].sku}", order, null).contains("{order.items.3} does not exist"));
        assertTrue(invalid("{any}", order, "x".repeat(2_000)).contains("2000 characters"));
    }

    private String invalid(String template, Order first, Object any) {
        var failure = assertThrows(
                FloodlockFailure.class, () -> key(template, first, Map.of(), any, Currency.EUR, "a", "b", null));
        assertEquals(Failure.INVALID_KEY, failure.kind());
        return failure.getMessage();
    }

    private String refused(String template) {
        return assertThrows(IllegalArgumentException.class, () -> key(template)).getMessage();
    }

    private String pair(String template, String a, String b) {
        return key(template, order, Map.of(), null, Currency.EUR, a, b, null);
    }

    private String key(String template) {
        return key(template, order, Map.of("EUR", 3), "any", Currency.EUR, "a", "b", new byte[1]);
    }

    private String key(String template, Object... arguments) {
        var method = Arrays.stream(KeyTemplateTest.class.getDeclaredMethods())
                .filter(m -> m.getName().equals("call"))
                .findFirst()
                .orElseThrow();
        return KeyTemplate.parse(template)
                .bind(MethodHandles.lookup(), method, NAMES)
                .of(this, arguments);
    }
}
