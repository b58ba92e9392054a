package io.floodlock.runtime.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code [*]}: a key for each element. */
class KeyOfEachTest {

    record Item(String sku) {}

    static final class Items extends ArrayList<Item> {
        private static final long serialVersionUID = 1;
    }

    record Box<T>(T content) {}

    record Order(long id, List<Item> lines) {}

    @SuppressWarnings("unused")
    static void call(
            List<Item> list,
            Collection<? extends Item> collection,
            Item[] array,
            long[] numbers,
            Items own,
            Box<List<Item>> box,
            Order order,
            Map<String, Integer> map,
            Object any,
            List<String> texts) {}

    private final List<Item> items = new ArrayList<>(List.of(new Item("b"), new Item("a"), new Item("b")));

    @Test
    void everyElementGivesItsKeyInOrder() {
        assertEquals(List.of("item:b", "item:a", "item:b"), all("item:{list[*].sku}"));
        assertEquals(List.of("item:b", "item:a", "item:b"), all("item:{collection[*].sku}"));
        assertEquals(List.of("b/x", "a/x"), all("{array[*].sku}/x"));
        assertEquals(List.of("1", "2"), all("{numbers[*]}"));
        assertEquals(List.of("c"), all("{own[*].sku}"));
        assertEquals(List.of("b", "a", "b"), all("{box.content[*].sku}"));
        assertEquals(List.of("7:b", "7:a", "7:b"), all("{order.id}:{order.lines[*].sku}"));
        assertEquals(List.of("b:7", "a:7", "b:7"), all("{0[*].sku}:{order.id}"));
        assertEquals(List.of("x%2E", "y"), all("#texts[*]"));
    }

    @Test
    void noElementsGiveNoKey() {
        items.clear();
        assertEquals(List.of(), all("item:{list[*].sku}"));
    }

    @Test
    void whatAnElementLacksIsSaidWithItsIndex() {
        items.set(1, null);
        assertTrue(invalid("{list[*].sku}").contains("{list[1]} is null"));
        items.set(1, new Item(null));
        assertTrue(invalid("{list[*].sku}").contains("{list[1].sku} is null"));
        assertTrue(invalid("{order.lines[*].sku}").contains("{order.lines[1].sku} is null"));
    }

    @Test
    void aCallHasAtMostAThousandKeys() {
        items.clear();
        items.addAll(Collections.nCopies(1_000, new Item("a")));
        assertEquals(1_000, all("{list[*].sku}").size());
        items.add(new Item("a"));
        assertTrue(invalid("{list[*].sku}").contains("{list} has 1001 elements; a call can have at most 1000 keys"));
    }

    @Test
    void whatHasNoElementsIsRefusedAtOnce() {
        assertTrue(refused("{map[*]}").contains("keySet() or values()"));
        assertTrue(refused("{any[*]}").contains("neither a collection nor an array"));
        assertTrue(refused("{list[*]}").contains("{list[*].sku}"), refused("{list[*]}"));
        assertTrue(refused("{list[*].nr}").contains("Item has no method nr()"));
        assertTrue(refused("{list[*].sku}:{array[*].sku}").contains("two [*]"));
        assertTrue(refused("{list[*].sku[*]}").contains("two [*]"));
        assertTrue(refused("{list.*.sku}").contains("not a path"));
        assertTrue(refused("{list[].sku}").contains("not a path"));
    }

    private String invalid(String template) {
        return assertThrows(FloodlockFailure.class, () -> all(template)).getMessage();
    }

    private String refused(String template) {
        return assertThrows(IllegalArgumentException.class, () -> all(template)).getMessage();
    }

    private List<String> all(String template) {
        Items own = new Items();
        own.add(new Item("c"));
        Object[] arguments = {
            items,
            items,
            new Item[] {new Item("b"), new Item("a")},
            new long[] {1, 2},
            own,
            new Box<>(items),
            new Order(7, items),
            Map.of(),
            Set.of(),
            List.of("x.", "y")
        };
        var method = Arrays.stream(KeyOfEachTest.class.getDeclaredMethods())
                .filter(each -> each.getName().equals("call"))
                .findFirst()
                .orElseThrow();
        List<String> names =
                List.of("list", "collection", "array", "numbers", "own", "box", "order", "map", "any", "texts");
        Key key = KeyTemplate.parse(template).bind(MethodHandles.lookup(), method, names);
        assertTrue(key.isEach());
        return key.all(null, arguments);
    }
}
