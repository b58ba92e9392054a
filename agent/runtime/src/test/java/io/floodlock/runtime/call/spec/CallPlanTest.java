package io.floodlock.runtime.call.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.tx.TxPropagation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallPlanTest {

    private static final String VOID = "(Lcom/shop/Order;[[I)V";

    @Test
    void aSpecSurvivesTheTripThroughConstants() {
        CallSpec spec = spec(
                VOID,
                new Rule(
                        Kind.PESSIMISTIC_LOCK,
                        Map.of("key", List.of("a", "", "ü{0}"), "waitTime", List.of("3s")),
                        "shop.rules:3"),
                rule(Kind.QUEUED));
        assertEquals(spec, CallSpec.fromConstants(spec.toConstants()));
    }

    @Test
    void parametersAreCountedWithoutTheirClasses() {
        assertEquals(2, spec(VOID).parameterCount());
        assertEquals(0, spec("()V").parameterCount());
        assertEquals(4, spec("(J[Ljava/lang/String;DLa/B;)V").parameterCount());
    }

    @Test
    void defaultsAreThoseOfTheAnnotations() {
        CallPlan plan = CallPlan.of(spec(VOID, rule(Kind.QUEUED), rule(Kind.DISTRIBUTED_TX)));
        assertEquals("com.shop.Orders", plan.queue().queue());
        assertEquals("place", plan.queue().name());
        assertNull(plan.queue().key());
        assertEquals(100_000, plan.queue().capacity());
        assertEquals(14, plan.queue().attempts());
        assertEquals(Duration.ofMillis(100), plan.queue().firstBackoff());
        assertEquals(Duration.ofMinutes(1), plan.queue().longestBackoff());
        assertNull(plan.queue().timeout());
        assertEquals(16, plan.queue().workers());
        assertEquals(TxPropagation.REQUIRED, plan.transaction().propagation());
        assertEquals(Duration.ofSeconds(30), plan.transaction().timeout());
        assertTrue(plan.locks().keys().isEmpty());
    }

    @Test
    void allLockAnnotationsAreOneAcquisition() {
        CallPlan plan = CallPlan.of(spec(
                VOID,
                rule(Kind.PESSIMISTIC_LOCK, "key", "order:{order.id}", "waitTime", "3s"),
                rule(Kind.SHARED_LOCK, "key", "stock", "maxHold", "1m")));
        assertEquals(Duration.ofSeconds(3), plan.locks().waitTime());
        assertEquals(Duration.ofMinutes(1), plan.locks().maxHold());
        assertNull(CallPlan.of(spec(VOID, lock("k"))).locks().maxHold());
        assertEquals(
                List.of(LockMode.EXCLUSIVE, LockMode.SHARED),
                plan.locks().keys().stream().map(LockPlan.PlannedKey::mode).toList());
        assertFalse(plan.locks().fenced());
    }

    @Test
    void oneThatAsksForAFenceGetsItForAllKeys() {
        Rule fenced = rule(Kind.SHARED_LOCK, "key", "stock", "fenced", "true");
        assertTrue(CallPlan.of(spec(VOID, lock("k"), fenced)).locks().fenced());
    }

    @Test
    void onlyWhatHasAResultForItIsSkipped() {
        Rule skips = rule(Kind.PESSIMISTIC_LOCK, "key", "k", "onBusy", "SKIP");
        assertTrue(CallPlan.of(spec(VOID, skips)).locks().skips());
        assertTrue(CallPlan.of(spec(VOID, lock("l"), skips)).locks().skips());
        assertTrue(CallPlan.of(spec("(Lcom/shop/Order;J)Ljava/util/Optional;", skips))
                .locks()
                .skips());
        assertFalse(CallPlan.of(spec(VOID, lock("k"))).locks().skips());
        for (String returned : List.of(
                "I",
                "Z",
                "Ljava/lang/String;",
                "Ljava/lang/Void;",
                "[Ljava/util/Optional;",
                "Ljava/util/OptionalInt;",
                "Ljava/util/concurrent/CompletionStage;")) {
            refused(
                    "(Lcom/shop/Order;J)" + returned,
                    "@PessimisticLock onBusy is \"SKIP\"; a method that returns " + returned + " has no result",
                    skips);
        }
        refused(VOID, "a queued call was accepted and must run", rule(Kind.QUEUED), skips);
        refused(
                VOID,
                "@PessimisticLock and @SharedLock give different onBusy values [THROW, SKIP]",
                skips,
                rule(Kind.SHARED_LOCK, "key", "l", "onBusy", "THROW"));
        refused(
                VOID,
                "onBusy is \"IGNORE\"; it must be one of [THROW, SKIP]",
                rule(Kind.PESSIMISTIC_LOCK, "key", "k", "onBusy", "IGNORE"));
        refused(
                "(Lcom/shop/Order;J)I",
                "shop.rules:3: sharedLock onBusy is \"SKIP\"",
                line(Kind.SHARED_LOCK, "key", "k", "onBusy", "SKIP"));
        refused(
                "(Lcom/shop/Order;J)I",
                "shop.rules:3: sharedLock onBusy is \"SKIP\"",
                lock("l"),
                line(Kind.SHARED_LOCK, "key", "k", "onBusy", "SKIP"));
    }

    @Test
    void theShortestHoldIsNotLongerThanTheLongest() {
        Rule both = rule(Kind.PESSIMISTIC_LOCK, "key", "k", "minHold", "1m", "maxHold", "1m");
        assertEquals(
                Duration.ofMinutes(1), CallPlan.of(spec(VOID, both)).locks().minHold());
        assertNull(CallPlan.of(spec(VOID, lock("k"))).locks().minHold());
        refused(
                VOID,
                "@PessimisticLock minHold is 61000 ms, longer than maxHold = 60000 ms",
                rule(Kind.PESSIMISTIC_LOCK, "key", "k", "minHold", "61s"),
                rule(Kind.SHARED_LOCK, "key", "l", "maxHold", "1m"));
        refused(
                VOID,
                "minHold is \"0\"; it must be more than 0",
                rule(Kind.PESSIMISTIC_LOCK, "key", "k", "minHold", "0"));
        refused(VOID, "@SharedLock has [minHold], which", rule(Kind.SHARED_LOCK, "key", "k", "minHold", "1s"));
    }

    @Test
    void whatIsWrongIsSaidWithMethodAttributeValueAndRemedy() {
        refused("(J)V", "key \"k:{order.id}\": {order.id} names no parameter", lock("k:{order.id}"));
        refused(VOID, "@PessimisticLock key is \"\"; it must be at least one key", rule(Kind.PESSIMISTIC_LOCK));
        refused(
                VOID,
                "waitTime is \"soon\"; it must be a duration",
                rule(Kind.SHARED_LOCK, "key", "k", "waitTime", "soon"));
        refused(
                VOID,
                "give one value",
                rule(Kind.SHARED_LOCK, "key", "k", "waitTime", "1s"),
                rule(Kind.PESSIMISTIC_LOCK, "key", "l", "waitTime", "2s"));
        refused(
                VOID,
                "@SharedLock and @PessimisticLock give different maxHold values [PT1S, PT2S]",
                rule(Kind.SHARED_LOCK, "key", "k", "maxHold", "1s"),
                rule(Kind.PESSIMISTIC_LOCK, "key", "l", "maxHold", "2s"));
        refused(VOID, "maxHold is \"0\"; it must be more than 0", rule(Kind.SHARED_LOCK, "key", "k", "maxHold", "0"));
        refused(
                VOID,
                "fenced is \"yes\"; it must be true or false",
                rule(Kind.SHARED_LOCK, "key", "k", "fenced", "yes"));
        refused(VOID, "has [secured], which this version", rule(Kind.SHARED_LOCK, "key", "k", "secured", "true"));
        refused(VOID, "attempts is \"0\"; it must be a number of at least 1", rule(Kind.QUEUED, "attempts", "0"));
        refused(VOID, "backoff is \"1s..100ms\"", rule(Kind.QUEUED, "backoff", "1s..100ms"));
        refused(VOID, "whenFull is \"DROP\"; it must be one of [BLOCK, REJECT]", rule(Kind.QUEUED, "whenFull", "DROP"));
        refused(VOID, "name is \"a b\"", rule(Kind.QUEUED, "name", "a b"));
        refused("(Lcom/shop/Order;J)I", "can't return I; let it return void", rule(Kind.QUEUED));
        refused(VOID, "timeout is \"51m\"", rule(Kind.DISTRIBUTED_TX, "timeout", "51m"));
        refused(VOID, "propagation is \"NESTED\"", rule(Kind.DISTRIBUTED_TX, "propagation", "NESTED"));
    }

    @Test
    void whatIsWrongInARulesFileIsSaidWithItsLine() {
        Rule soon = line(Kind.PESSIMISTIC_LOCK, "key", "k", "waitTime", "soon");
        refused(VOID, "shop.rules:3: pessimisticLock waitTime is \"soon\"", soon);
        refused(VOID, "shop.rules:3: queued has [lease], which", line(Kind.QUEUED, "lease", "1s"));
        refused("(Lcom/shop/Order;J)I", "shop.rules:3: queued: a queued method", line(Kind.QUEUED));
        refused(
                VOID,
                "shop.rules:3: sharedLock key \"{9}\": {9} names parameter 9",
                line(Kind.SHARED_LOCK, "key", "{9}"));
        refused(
                VOID,
                "@SharedLock and shop.rules:3: pessimisticLock give different waitTime values",
                rule(Kind.SHARED_LOCK, "key", "k", "waitTime", "1s"),
                line(Kind.PESSIMISTIC_LOCK, "key", "l", "waitTime", "2s"));
    }

    @Test
    void aRuleIsCheckedBeforeThereIsAMethod() {
        RuleChecks.check(line(Kind.QUEUED, "key", "{order.id}"));
        RuleChecks.check(line(Kind.DISTRIBUTED_TX));
        for (Rule rule : List.of(
                line(Kind.SHARED_LOCK),
                line(Kind.PESSIMISTIC_LOCK, "key", "a{"),
                line(Kind.QUEUED, "backoff", "soon"),
                line(Kind.DISTRIBUTED_TX, "timeout", "0"))) {
            var e = assertThrows(IllegalArgumentException.class, () -> RuleChecks.check(rule));
            assertTrue(e.getMessage().startsWith("shop.rules:3: " + rule.kind().ruleName()), e.getMessage());
        }
    }

    private static void refused(String descriptor, String says, Rule... rules) {
        var e = assertThrows(IllegalArgumentException.class, () -> CallPlan.of(spec(descriptor, rules)));
        assertTrue(e.getMessage().startsWith("com.shop.Orders.place: "), e.getMessage());
        assertTrue(e.getMessage().contains(says), e.getMessage());
    }

    private static Rule line(Kind kind, String... attributes) {
        return new Rule(kind, rule(kind, attributes).attributes(), "shop.rules:3");
    }

    private static Rule lock(String key) {
        return rule(Kind.PESSIMISTIC_LOCK, "key", key);
    }

    private static Rule rule(Kind kind, String... attributes) {
        Map<String, List<String>> map = new HashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            map.put(attributes[i], List.of(attributes[i + 1]));
        }
        return Rule.annotation(kind, map);
    }

    private static CallSpec spec(String descriptor, Rule... rules) {
        List<String> names = descriptor.equals("(J)V") ? List.of("id") : List.of("order", "sizes");
        return new CallSpec("com.shop.Orders", "place", descriptor, false, names, List.of(rules));
    }
}
