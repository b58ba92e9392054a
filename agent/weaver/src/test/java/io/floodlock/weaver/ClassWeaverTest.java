package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.PessimisticLock;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** What woven methods do, in every form a method can have. */
class ClassWeaverTest {

    private final Woven woven = new Woven();
    private final RecordingRuntime runtime = woven.runtime;
    private final Class<?> orders = woven.load(Orders.class);

    @Test
    void entersAndExitsAroundTheBodyAndKeepsItsResult() throws Exception {
        LongUnaryOperator instance = (LongUnaryOperator) create();
        assertEquals(42, instance.applyAsLong(41));
        assertEquals(List.of("enter applyAsLong Orders [41]", "exit applyAsLong permit null"), runtime.events);
    }

    @Test
    void passesArgumentsOfEveryType() throws Exception {
        Class<?>[] types = {
            boolean.class,
            byte.class,
            char.class,
            short.class,
            int.class,
            long.class,
            float.class,
            double.class,
            String.class,
            int[].class
        };
        Object result = orders.getMethod("mixed", types)
                .invoke(null, true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "seven", new int[8]);
        assertEquals("true1c2345.06.0seven8", result);
        assertEquals(
                "enter mixed null [true, 1, c, 2, 3, 4, 5.0, 6.0, seven, ",
                runtime.events.get(0).split("\\[I")[0]);
        assertEquals("exit mixed permit null", runtime.events.get(1));
    }

    @Test
    void everyReturnOfABodyExitsOnce() throws Exception {
        Object instance = create();
        for (Object[] each : new Object[][] {{0, "zero"}, {1, "one"}, {2, "two2"}, {3, "some1.5"}, {200, "many"}}) {
            runtime.events.clear();
            assertEquals(each[1], orders.getMethod("branches", int.class).invoke(instance, each[0]));
            assertEquals(
                    List.of("enter branches Orders [" + each[0] + "]", "exit branches permit null"), runtime.events);
        }
    }

    @Test
    void bodiesWithLoopsAndHandlersOfTheirOwnBehaveAsBefore() throws Exception {
        assertEquals(
                new Orders().callsHidden(6),
                orders.getMethod("callsHidden", int.class).invoke(create(), 6));
        assertEquals(List.of("enter hidden Orders [6]", "exit hidden permit null"), runtime.events);
    }

    @Test
    void aBodyIsSkippedWhereTheRuntimeAnswersItsResult() throws Exception {
        Object instance = create();
        orders.getMethod("skippable", long.class).invoke(instance, 2L);
        assertEquals("default;skippable;skippable;", bodies(instance));
        assertEquals(
                Optional.of("one1.0"),
                orders.getMethod("skippableResult", double.class, String.class).invoke(null, 1.0, "one"));
        assertEquals(
                List.of(
                        "enter skippable Orders [2]",
                        "exit skippable permit null",
                        "enter skippableResult null [1.0, one]",
                        "leave skippableResult permit Optional"),
                runtime.events);

        runtime.events.clear();
        runtime.answers.put("enter", arguments -> new Object[] {arguments[0] == null ? Optional.empty() : null});
        String before = bodies(instance);
        orders.getMethod("skippable", long.class).invoke(instance, 2L);
        assertEquals(before, bodies(instance));
        assertEquals(
                Optional.empty(),
                orders.getMethod("skippableResult", double.class, String.class).invoke(null, 1.0, "one"));
        assertEquals(List.of("enter skippable Orders [2]", "enter skippableResult null [1.0, one]"), runtime.events);
    }

    @Test
    void anEmptyBodyIsWoven() throws Exception {
        orders.getMethod("nothing").invoke(create());
        assertEquals(List.of("enter nothing Orders []", "exit nothing permit null"), runtime.events);
    }

    @Test
    void whatTheBodyThrowsReachesTheCallerUnchanged() throws Exception {
        Object instance = create();
        Exception checked = new IOException("disk");
        assertSame(checked, failure(instance, checked));
        Exception unchecked = new IllegalStateException("state");
        assertSame(unchecked, failure(instance, unchecked));
        assertEquals(
                List.of(
                        "enter fails Orders [java.io.IOException: disk]",
                        "exit fails permit java.io.IOException: disk",
                        "enter fails Orders [java.lang.IllegalStateException: state]",
                        "exit fails permit java.lang.IllegalStateException: state"),
                runtime.events);
    }

    @Test
    void aFailingEnterRunsNeitherBodyNorExit() throws Exception {
        IllegalStateException busy = new IllegalStateException("busy");
        runtime.answers.put("enter", arguments -> {
            throw busy;
        });
        Object instance = create();
        assertSame(busy, failure(instance, new IOException("not reached")));
        assertEquals(1, runtime.events.size());
        assertEquals("default;", bodies(instance));
    }

    @Test
    void aFailingExitIsSeenByTheCallerAndNotAnsweredByASecondExit() throws Exception {
        IllegalStateException lost = new IllegalStateException("lost");
        runtime.answers.put("exit", arguments -> {
            throw lost;
        });
        LongUnaryOperator instance = (LongUnaryOperator) create();
        assertSame(lost, assertThrows(IllegalStateException.class, () -> instance.applyAsLong(1)));
        assertEquals(2, runtime.events.size());
    }

    @Test
    void aStoredCallSkipsTheBody() throws Exception {
        runtime.answers.put("enqueue", arguments -> new Object[] {null});
        Object instance = create();
        orders.getMethod("queued", String.class, double.class).invoke(instance, "7", 1.5);
        assertEquals(List.of("enqueue queued Orders [7, 1.5]"), runtime.events);
        assertEquals("default;", bodies(instance));
    }

    @Test
    void aStoredCallAnswersTheFuture() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        runtime.answers.put("enqueue", arguments -> new Object[] {future});
        assertSame(future, orders.getMethod("queuedResult", int.class).invoke(create(), 7));
    }

    @Test
    void theConsumersCallRunsTheBodyInsideItsScope() throws Exception {
        Object instance = create();
        orders.getMethod("queued", String.class, double.class).invoke(instance, "7", 1.5);
        orders.getMethod("queuedStatic", long.class).invoke(null, 8L);
        assertEquals(
                List.of(
                        "enqueue queued Orders [7, 1.5]",
                        "enter queued Orders [7, 1.5]",
                        "exit queued permit null",
                        "enqueue queuedStatic null [8]",
                        "enter queuedStatic null [8]",
                        "exit queuedStatic permit null"),
                runtime.events);
        assertEquals("default;queued;", bodies(instance));
    }

    @Test
    void tellsWhenTheClassOfAStaticQueuedMethodIsInitialized() throws Exception {
        Woven loader = new Woven();
        Class<?> type = loader.load(Prepared.class);
        assertEquals(List.of(true), loader.runtime.awaiting);
        assertEquals(List.of(), loader.runtime.events);
        MethodHandles.privateLookupIn(type, MethodHandles.lookup()).ensureInitialized(type);
        assertEquals(List.of("initialized run"), loader.runtime.events);
    }

    @Test
    void tellsOfInstancesOfAClassWithQueuedMethods() throws Exception {
        orders.getConstructor(String.class).newInstance("named");
        assertEquals(List.of("constructed Orders"), runtime.events);
    }

    @Test
    void theRulesAreReadAsWritten() {
        CallSpec spec = spec("applyAsLong");
        assertEquals(Orders.class.getName(), spec.owner());
        assertEquals("(J)J", spec.descriptor());
        assertEquals(List.of("id"), spec.parameterNames());
        assertEquals(
                List.of(Rule.annotation(
                        Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("order:{0}"), "waitTime", List.of("250ms")))),
                spec.rules());
        assertEquals(
                List.of(
                        Rule.annotation(Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("a", "b"))),
                        Rule.annotation(Kind.SHARED_LOCK, Map.of("key", List.of("c"))),
                        Rule.annotation(Kind.DISTRIBUTED_TX, Map.of("rollbackFor", List.of("java.io.IOException")))),
                spec("mixed").rules());
        assertEquals(
                List.of(
                        Rule.annotation(Kind.SHARED_LOCK, Map.of("key", List.of("a"))),
                        Rule.annotation(Kind.SHARED_LOCK, Map.of("key", List.of("b")))),
                spec("nothing").rules());
        assertEquals(
                List.of(Rule.annotation(Kind.QUEUED, Map.of("key", List.of("{0}"), "attempts", List.of("3")))),
                spec("queued").rules());
    }

    @Test
    void theAnnotatedMethodIsWovenOnceAndItsBridgeIsNot() {
        assertEquals(
                runtime.woven.stream().map(CallSpec::method).distinct().toList(),
                runtime.woven.stream().map(CallSpec::method).toList());
    }

    private CallSpec spec(String method) {
        return runtime.woven.stream()
                .filter(spec -> spec.method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    /** An instance whose construction has been forgotten. */
    private Object create() throws ReflectiveOperationException {
        Object instance = orders.getConstructor().newInstance();
        runtime.events.clear();
        return instance;
    }

    private String bodies(Object instance) throws ReflectiveOperationException {
        return orders.getDeclaredField("bodies").get(instance).toString();
    }

    private Throwable failure(Object instance, Exception thrown) throws ReflectiveOperationException {
        return assertThrows(
                        InvocationTargetException.class,
                        () -> orders.getMethod("fails", Exception.class).invoke(instance, thrown))
                .getCause();
    }

    /** What looks generated by its name alone is woven like any other. */
    @Test
    void namesLikeThoseOfGeneratedClassesDoNotMatter() throws Exception {
        for (Class<?> type : List.of(ProxyService.class, Orders_Subclass.class, Shop_ClientProxy.class)) {
            runtime.events.clear();
            woven.load(type).getMethod("locked").invoke(null);
            assertEquals(List.of("enter locked null []", "exit locked permit null"), runtime.events);
        }
    }

    public static class ProxyService {
        @PessimisticLock(key = "a")
        public static void locked() {}
    }

    public static class Orders_Subclass {
        @PessimisticLock(key = "a")
        public static void locked() {}
    }

    public static class Shop_ClientProxy {
        @PessimisticLock(key = "a")
        public static void locked() {}
    }
}
