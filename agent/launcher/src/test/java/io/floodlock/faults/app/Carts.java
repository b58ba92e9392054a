package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import io.floodlock.SharedLock;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Bodies with a key for each item of a cart, and bodies whose keys are built from values of many types. */
public final class Carts {

    private static final Map<String, List<Object>> EQUAL = Map.of(
            "decimals", List.of(new BigDecimal("1.0"), new BigDecimal("1.00")),
            "forms", List.of("caf\u00e9", "cafe\u0301"),
            "lists", List.of(List.of("a"), new ArrayList<>(List.of("a"))),
            "sets", List.of(new HashSet<>(List.of("Aa", "BB")), new HashSet<>(List.of("BB", "Aa"))),
            "objects", List.of(new Item("a"), new Item("a")));

    private Carts() {}

    record Item(String sku) {}

    private static List<Item> items(String skus) {
        return Arrays.stream(skus.split(","))
                .filter(sku -> !sku.isEmpty())
                .map(Item::new)
                .toList();
    }

    static String hold(String skus, String gate) {
        return holding(items(skus), gate);
    }

    @PessimisticLock(key = "item:{items[*].sku}", waitTime = "1m")
    private static String holding(Collection<Item> items, String gate) {
        Console.say("holding " + items.size());
        Console.waitAt(gate);
        return "held";
    }

    static String read(String skus, String gate) {
        return reading(items(skus).toArray(Item[]::new), gate);
    }

    @SharedLock(key = "item:{items[*].sku}", waitTime = "0")
    private static String reading(Item[] items, String gate) {
        Console.say("reading " + items.length);
        Console.waitAt(gate);
        return "read";
    }

    static String later(String skus, String gate) {
        return holdingLater(items(skus), gate).join();
    }

    @PessimisticLock(key = "item:{items[*].sku}", waitTime = "1m")
    private static CompletableFuture<String> holdingLater(List<Item> items, String gate) {
        return CompletableFuture.supplyAsync(() -> {
            Console.say("later " + items.size());
            Console.waitAt(gate);
            return "held";
        });
    }

    static String take(String skus) {
        return taking(items(skus));
    }

    @PessimisticLock(key = "'item:' + #items[*].sku", waitTime = "0")
    private static String taking(List<Item> items) {
        return "taken";
    }

    static String takeWithCart(String skus) {
        return takingWithCart("cart", items(skus));
    }

    @PessimisticLock(
            key = {"cart:{cart}", "item:{items[*].sku}"},
            waitTime = "0")
    private static String takingWithCart(String cart, List<Item> items) {
        return "taken";
    }

    /** Of this application's own. */
    @PessimisticLock(key = "cart:{0}", waitTime = "0")
    @interface OneCartAtATime {}

    @OneCartAtATime
    static String holdCart(String cart, String gate) {
        Console.say("holding cart");
        Console.waitAt(gate);
        return "held";
    }

    @OneCartAtATime
    static String takeCart(String cart) {
        return "taken";
    }

    /** Takes random carts of the same few items, in random order, one after another. */
    static String shop(String seed, String times) {
        Random random = new Random(Long.parseLong(seed));
        List<String> skus = new ArrayList<>(List.of("a", "b", "c", "d", "e"));
        for (int i = 0; i < Integer.parseInt(times); i++) {
            Collections.shuffle(skus, random);
            buying(items(String.join(",", skus.subList(0, 3))));
        }
        return "shopped";
    }

    @PessimisticLock(key = "item:{items[*].sku}", waitTime = "1m")
    private static void buying(List<Item> items) {}

    /** Whether two calls with equal values are inside at once. */
    static String together(String pair) throws InterruptedException {
        List<Object> values = EQUAL.get(pair);
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch out = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            try {
                inside(values.get(0), in, out);
            } catch (RuntimeException e) {
                Console.say(e.getMessage());
                in.countDown();
            }
        });
        holder.start();
        in.await();
        try {
            inside(values.get(1), new CountDownLatch(1), new CountDownLatch(0));
            return "both";
        } finally {
            out.countDown();
            holder.join();
        }
    }

    @PessimisticLock(key = "value:{value}", waitTime = "0")
    private static void inside(Object value, CountDownLatch in, CountDownLatch out) {
        in.countDown();
        try {
            out.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
