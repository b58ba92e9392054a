package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.event.LockNesting;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.redis.BucketLayout;
import io.floodlock.runtime.lock.redis.RedisNode;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.time.Clock;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Calls inside each other whose keys are taken in orders that don't agree, and those that only look like it. */
class InversionDetectorIT extends TwoJvms {

    private record Told(List<LockNesting> orders, boolean proven) {}

    private final List<Told> told = new CopyOnWriteArrayList<>();

    @Override
    TestJvm first() {
        return new TestJvm(server.url(), LEASE, Clock.SYSTEM, new Events() {
            @Override
            public void lockOrderInverted(List<LockNesting> orders, boolean proven) {
                told.add(new Told(orders, proven));
            }
        });
    }

    /** {@code order:7} is of the form {@code order:{}}. */
    private static LockRequest request(String name, LockMode mode) {
        return new LockRequest(name, mode, name.contains(":") ? name.substring(0, name.indexOf(':') + 1) + "{}" : name);
    }

    private LockScope take(String site, LockMode mode, Duration waitTime, String... names) {
        return one.engine.acquire(
                Arrays.stream(names).map(name -> request(name, mode)).toList(),
                new LockTerms(waitTime, null, site, false));
    }

    /** One call inside the other, each with its site. */
    private void nest(String... names) {
        nest(LockMode.EXCLUSIVE, 0, names);
    }

    private void nest(LockMode mode, int from, String... names) {
        LockScope scope = take("call" + from + "of" + String.join(",", names), mode, TestJvm.LONG, names[from]);
        if (from + 1 < names.length) {
            nest(mode, from + 1, names);
        }
        scope.close();
    }

    @Test
    void twoOrdersAreToldOnceWithTheCallsOfBoth() {
        nest("order:1", "stock:1");
        nest("order:2", "stock:3");
        assertEquals(List.of(), told);
        for (int i = 0; i < 3; i++) {
            nest("stock:5", "order:6");
        }
        assertEquals(1, told.size());
        Told inversion = told.get(0);
        assertEquals(
                List.of(
                        new LockNesting(
                                "stock:{}",
                                "stock:5",
                                "call0ofstock:5,order:6",
                                "order:{}",
                                "order:6",
                                "call1ofstock:5,order:6"),
                        new LockNesting(
                                "order:{}",
                                "order:1",
                                "call0oforder:1,stock:1",
                                "stock:{}",
                                "stock:1",
                                "call1oforder:1,stock:1")),
                inversion.orders);
        assertEquals(false, inversion.proven);
        String text = LockFailures.inverted(inversion.orders, false);
        for (String part : new String[] {
            "may wait for each other",
            "call0ofstock:5,order:6 takes 'stock:5' (stock:{}) and inside it call1ofstock:5,order:6 takes 'order:6'",
            "all by one method"
        }) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void sharedHoldsCountAndLongerWaysRoundAreFound() {
        nest(LockMode.SHARED, 0, "a:1", "b:1");
        nest(LockMode.SHARED, 0, "b:1", "c:1");
        assertEquals(List.of(), told);
        nest(LockMode.SHARED, 0, "c:1", "a:1");
        assertEquals(1, told.size());
        assertEquals(3, told.get(0).orders.size());
    }

    @Test
    void aScopeOfAScopeCountsAndAReentryDoesNot() {
        nest("a:1", "x:1", "b:1", "a:1", "x:1");
        assertEquals(List.of(), told);
        nest("b:2", "a:2");
        assertEquals(1, told.size());
        assertEquals(
                List.of("b:{}", "a:{}"),
                told.get(0).orders.stream().map(LockNesting::outerForm).toList());
    }

    @Test
    void oneWhoDoesNotWaitIsHeldUpByNobody() {
        nest("a:1", "b:1");
        LockScope outer = one.lock("b:2");
        take("tries", LockMode.EXCLUSIVE, Duration.ZERO, "a:2").close();
        outer.close();
        assertEquals(List.of(), told);
    }

    @Test
    void keysOfOneFormInOneOrderAreNoInversionAndInNoneMayBe() {
        nest("account:9", "account:10", "account:11");
        nest("account:9", "account:80");
        // by their bytes these go down, as numbers up
        nest("account:80", "account:100");
        assertEquals(List.of(), told);
        nest("account:7", "account:3");
        assertEquals(1, told.size());
        assertEquals(false, told.get(0).proven);
        assertEquals("account:7", told.get(0).orders.get(1).outer());
        nest("account:70", "account:30");
        assertEquals(1, told.size());
    }

    @Test
    void theSameTwoKeysInBothOrdersAreAProof() {
        nest("account:1", "account:2");
        nest("account:5", "account:4");
        assertEquals(List.of(false), told.stream().map(Told::proven).toList());
        nest("account:2", "account:1");
        nest("account:1", "account:2");
        assertEquals(List.of(false, true), told.stream().map(Told::proven).toList());
        assertTrue(LockFailures.inverted(told.get(1).orders, true).startsWith("Two locks are taken in both orders"));
    }

    @Test
    void keysOfOneCallHaveAnOrderToo() {
        take("together", LockMode.EXCLUSIVE, TestJvm.LONG, "b:1", "a:1").close();
        take("together", LockMode.EXCLUSIVE, TestJvm.LONG, "a:2", "b:2").close();
        nest("a:1", "b:1");
        assertEquals(List.of(), told);
        nest("b:3", "a:4");
        assertEquals(1, told.size());
        assertEquals("together", told.get(0).orders.get(1).outerSite());
        assertEquals("together", told.get(0).orders.get(1).innerSite());
    }

    @Test
    void twoCallsThatMeetAreToldOfBeforeTheyHaveWaited() {
        LockScope a = one.lock("a");
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            LockScope b = one.lock("b");
            take("waits", LockMode.EXCLUSIVE, Duration.ofSeconds(30), "a").close();
            b.close();
        });
        Await.until(() -> "b is taken", TestJvm.LONG, () -> one.engine.keysInUse() == 2);
        try {
            take("tries", LockMode.EXCLUSIVE, Duration.ofMillis(1), "b").close();
        } catch (FloodlockFailure e) {
            // as they wait for each other
        }
        Await.until(() -> "it is told", TestJvm.LONG, () -> told.size() > 0);
        a.close();
        other.join();
    }

    @Test
    void howeverManyFormsThereAreMemoryIsBounded() {
        BucketLayout names = names();
        InversionDetector order = new InversionDetector(Events.NONE);
        LockRequest first = new LockRequest("first", LockMode.EXCLUSIVE);
        for (int i = 0; i < InversionDetector.MOST_EDGES + 100; i++) {
            order.together(List.of(first, new LockRequest("k" + i, LockMode.EXCLUSIVE)), "site", names);
        }
        assertEquals(InversionDetector.MOST_EDGES, order.edges());
    }

    /** What is told of many keys is what is told of all their pairs, one by one. */
    @Test
    void manyKeysTellWhatAllTheirPairsWould() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        BucketLayout names = names();
        boolean told = false;
        boolean silent = false;
        for (int round = 0; round < 300; round++) {
            List<Set<String>> byPairs = new ArrayList<>();
            List<Set<String>> byAll = new ArrayList<>();
            boolean agreed = random.nextInt(3) > 0;
            Comparator<String> one = order(random);
            InversionDetector pairs = new InversionDetector(heard(byPairs));
            InversionDetector all = new InversionDetector(heard(byAll));
            for (int call = 0; call < 3; call++) {
                List<LockRequest> keys = random(random, 40 + random.nextInt(60), agreed ? one : order(random));
                all.together(keys, "call" + call, names);
                for (int i = 0; i < keys.size(); i++) {
                    for (int j = i + 1; j < keys.size(); j++) {
                        pairs.together(List.of(keys.get(i), keys.get(j)), "call" + call, names);
                    }
                }
            }
            told |= !byPairs.isEmpty();
            silent |= byPairs.isEmpty();
            assertEquals(Set.copyOf(byPairs), Set.copyOf(byAll), "seed " + seed + ", round " + round);
        }
        assertTrue(told && silent, "seed " + seed);
    }

    /** All pairs of these would be two hundred millions, a call. */
    @Test
    void theKeysOfALargeCallAreNotComparedPairByPair() {
        BucketLayout names = names();
        InversionDetector order = new InversionDetector(Events.NONE);
        List<LockRequest> keys = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            keys.add(request("item:" + i, LockMode.EXCLUSIVE));
        }
        keys = AcquisitionOrder.sorted(keys, names);
        for (int i = 0; i < 20; i++) {
            order.together(keys, "large", names);
        }
        assertEquals(1, order.edges());
    }

    private static Comparator<String> order(Random random) {
        Comparator<String> order = switch (random.nextInt(3)) {
            case 0 -> Comparator.naturalOrder();
            case 1 -> NaturalOrder::compare;
            default -> Comparator.comparing(key -> key.substring(2));
        };
        return random.nextBoolean() ? order : order.reversed();
    }

    /** In an order that mostly agrees with that one. */
    private static List<LockRequest> random(Random random, int count, Comparator<String> order) {
        Set<String> keys = new HashSet<>();
        while (keys.size() < count) {
            keys.add("abc".charAt(random.nextInt(3)) + ":" + random.nextInt(1_000));
        }
        List<String> sorted = new ArrayList<>(keys);
        sorted.sort(order);
        if (random.nextInt(4) == 0) {
            Collections.swap(sorted, random.nextInt(count), random.nextInt(count));
        }
        return sorted.stream().map(name -> request(name, LockMode.EXCLUSIVE)).toList();
    }

    private static Events heard(List<Set<String>> forms) {
        return new Events() {
            @Override
            public void lockOrderInverted(List<LockNesting> orders, boolean proven) {
                if (!proven) {
                    forms.add(orders.stream().map(LockNesting::outerForm).collect(Collectors.toSet()));
                }
            }
        };
    }

    private BucketLayout names() {
        RedisNode node = RedisNode.create(
                Settings.of(Map.of("redis", server.url())),
                null,
                new Services("", null, null, Events.NONE, Clock.SYSTEM, null));
        return new BucketLayout(node, null, () -> {}, false);
    }
}
