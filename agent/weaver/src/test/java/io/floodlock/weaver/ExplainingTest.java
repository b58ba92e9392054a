package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.Queued;
import io.floodlock.SharedLock;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.decision.Explaining;
import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.load.Dispatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/** What is said of real class files. */
class ExplainingTest {

    private static final String LOCK = "Lio/floodlock/PessimisticLock;";

    private final List<String> lines = new ArrayList<>();
    private final Decisions decisions = new Explaining(decision -> lines.add(DecisionText.line(decision)));
    private final Weaver weaver = weaver(decisions, true);

    @Test
    void everyWovenMethodIsALine() {
        look(Orders.class);
        String orders = Orders.class.getName();
        assertEquals(
                List.of(
                        "woven " + orders + ".<init>(): reports new instances, on which stored calls run",
                        "woven " + orders + ".<init>(String): reports new instances, on which stored calls run",
                        "woven " + orders
                                + ".applyAsLong(long): lock exclusive \"order:{0}\" waitTime 250ms (@PessimisticLock)",
                        "woven " + orders
                                + ".mixed(boolean, byte, char, short, int, long, float, double, String, int[]):"
                                + " lock exclusive \"a\", \"b\" (@PessimisticLock); lock shared \"c\" (@SharedLock);"
                                + " transaction rollbackFor java.io.IOException (@DistributedTx)",
                        "woven " + orders
                                + ".nothing(): lock shared \"a\" (@SharedLock); lock shared \"b\" (@SharedLock)",
                        "woven " + orders + ".hidden(int): lock shared \"a\" (@SharedLock)",
                        "woven " + orders + ".branches(int): lock exclusive \"a\" (@PessimisticLock)",
                        "woven " + orders + ".skippable(long): lock exclusive \"a\" onBusy SKIP (@PessimisticLock)",
                        "woven " + orders
                                + ".skippableResult(double, String): lock shared \"a\" onBusy SKIP (@SharedLock)",
                        "woven " + orders + ".fails(Exception): lock exclusive \"a\" (@PessimisticLock)",
                        "woven " + orders + ".queued(String, double): queued on \"" + orders
                                + "\" attempts 3 key \"{0}\" (@Queued)",
                        "woven " + orders + ".queuedResult(int): queued on \"" + orders + "\" (@Queued)",
                        "woven " + orders + ".queuedStatic(long): queued on \"" + orders
                                + "\" (@Queued); lock exclusive \"k\" (@PessimisticLock)"),
                lines);
    }

    @Test
    void aBridgeIsPassedOverForTheMethodItCalls() {
        look(Bridged.class);
        assertEquals(
                List.of(
                        "woven " + Bridged.class.getName() + ".apply(String): lock shared \"{0}\" (@SharedLock)",
                        "passed over " + Bridged.class.getName()
                                + ".apply(Object): lock shared \"{0}\" (@SharedLock); a bridge method of the"
                                + " compiler, which calls the woven method"),
                lines);
    }

    @Test
    void syntheticMethodsGeneratedClassesAndTheJdksLoadersArePassedOver() {
        look("com/example/Made", made("com/example/Made", Opcodes.V17, Opcodes.ACC_SYNTHETIC));
        String generated = "com/example/Made$$SpringCGLIB$$0";
        look(generated, made(generated, Opcodes.V17, 0));
        weaver.transform(null, "com/example/Boot", null, null, made("com/example/Boot", Opcodes.V17, 0));
        weaver.transform(
                ClassLoader.getPlatformClassLoader(),
                "com/example/Platform",
                null,
                null,
                made("com/example/Platform", Opcodes.V17, 0));
        assertEquals(
                List.of(
                        "passed over com.example.Made.made(): lock exclusive (@PessimisticLock); synthetic: generated"
                                + " by the compiler",
                        "passed over com.example.Made$$SpringCGLIB$$0: a generated class, by its name; the"
                                + " methods it overrides or calls are woven in its parent",
                        "passed over com.example.Boot: loaded by the JDK's bootstrap class loader, whose classes are"
                                + " not woven; put it on the class path",
                        "passed over com.example.Platform: loaded by the JDK's platform class loader, whose classes"
                                + " are not woven; put it on the class path"),
                lines);
    }

    @Test
    void aRefusedClassIsSaidWithTheReasonOfTheRefusal() {
        look("com/example/Old", made("com/example/Old", Opcodes.V1_6, 0));
        look("com/example/Native", made("com/example/Native", Opcodes.V17, Opcodes.ACC_NATIVE));
        weaver(decisions, false)
                .transform(loader(), "com/example/Old", null, null, made("com/example/Old", Opcodes.V1_6, 0));
        assertEquals(3, lines.size(), lines.toString());
        assertEquals(
                "refused com.example.Old: com.example.Old.made()V carries @PessimisticLock, but its class file has"
                        + " version 50, and calls can be woven from version 51 (Java 7) on. Compile the class for Java 7"
                        + " or later.",
                lines.get(0));
        assertEquals(
                "refused com.example.Native: com.example.Native.made()V carries @PessimisticLock, but is native, so"
                        + " there is no body to weave. Annotate the methods that implement it, or a method that calls it.",
                lines.get(1));
        assertEquals("UNPROTECTED com.example.Old", lines.get(2).split(":")[0]);
    }

    /** The caller of a stored call keeps its own object, which nobody fills. */
    @Test
    void aQueuedBodyThatFillsItsArgumentIsWarnedOf() {
        look(Filling.class);
        String line = "woven " + Filling.class.getName();
        assertEquals(1, lines.stream().filter(each -> each.contains("warning")).count(), lines.toString());
        assertEquals(
                line + ".fill(" + Filling.Order.class.getName() + "): queued on \"" + Filling.class.getName()
                        + "\" (@Queued); warning: the body seems to change its argument, which the caller does not see,"
                        + " because the body runs later on a copy; return a CompletableFuture or store the result (the"
                        + " change: "
                        + Filling.Order.class.getName()
                        + ".setId)",
                lines.stream()
                        .filter(each -> each.startsWith(line + ".fill("))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void twoQueuedMethodsOfOneNameAreRefused() {
        look(Overloaded.class);
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("refused " + Overloaded.class.getName()), lines.get(0));
        assertTrue(lines.get(0).contains("is queued under the same name as send("), lines.get(0));
    }

    @Test
    void classesThatAskForNothingAreNotMentioned() {
        look(String.class.getName().replace('.', '/'), Woven.file(ExplainingTest.class));
        assertEquals(List.of(), lines);
    }

    @Test
    void aReaderThatFailsChangesNothing() {
        Weaver careless = weaver(
                new Explaining(decision -> {
                    throw new IllegalStateException(decision.type());
                }),
                true);
        assertNotNull(careless.transform(loader(), "any", null, null, Woven.file(Orders.class)));
    }

    @Test
    void namesThatATerminalWouldObeyAreEscaped() {
        String name = "com/example/\u001b[2J\u202eMade";
        look(name, made(name, Opcodes.V17, 0));
        assertEquals(
                List.of("woven com.example.\\u001b[2J\\u202eMade.made(): lock exclusive (@PessimisticLock)"), lines);
    }

    @Test
    void linesOfARulesFileNameTheirOrigin() {
        WeavingDecision decision = new WeavingDecision(
                WeavingDecision.Outcome.WOVEN,
                "com.shop.Orders",
                "place",
                "(Lcom/shop/Order;)V",
                List.of(new Rule(Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("b")), "shop.rules:3")),
                List.of(Rule.annotation(Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("a")))),
                "");
        assertEquals(
                "woven com.shop.Orders.place(com.shop.Order): lock exclusive \"b\" (shop.rules:3); instead of"
                        + " lock exclusive \"a\" (@PessimisticLock)",
                DecisionText.line(decision));
    }

    @Test
    void nothingIsToldWhereNobodyListens() {
        assertNull(weaver(Decisions.NONE, true)
                .transform(loader(), "com/example/Made", null, null, made("com/example/Made", Opcodes.V17, 0x1000)));
        assertEquals(List.of(), lines);
    }

    private void look(Class<?> type) {
        look(type.getName().replace('.', '/'), Woven.file(type));
    }

    private void look(String name, byte[] file) {
        weaver.transform(loader(), name, null, null, file);
    }

    private static ClassLoader loader() {
        return new ClassLoader() {};
    }

    private static Weaver weaver(Decisions decisions, boolean refuse) {
        return new Weaver(
                new ClassWeaver(new RecordingRuntime(), Dispatcher.NAME, decisions),
                refuse,
                decisions,
                LoadedClasses.none());
    }

    private static byte[] made(String name, int version, int access) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(version, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC | access, "made", "()V", null, null);
        method.visitAnnotation(LOCK, false).visitEnd();
        if ((access & Opcodes.ACC_NATIVE) == 0) {
            method.visitCode();
            method.visitInsn(Opcodes.RETURN);
            method.visitMaxs(0, 1);
        }
        method.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    static class Filling {

        static class Order {
            private long id;

            void setId(long id) {
                this.id = id;
            }

            long id() {
                return id;
            }
        }

        @Queued
        void fill(Order order) {
            order.setId(7);
        }

        @Queued
        void read(Order order) {
            lines(order.id());
        }

        @SharedLock(key = "a")
        void fillAtOnce(Order order) {
            order.setId(7);
        }

        private static void lines(long id) {}
    }

    static class Overloaded {
        @Queued
        void send(String text) {}

        @Queued(name = "send")
        void sendAll(String text) {}

        @Queued(queue = "other")
        void send(int number) {}
    }

    static class Bridged implements UnaryOperator<String> {
        @Override
        @SharedLock(key = "{0}")
        public String apply(String text) {
            return Arrays.toString(new String[] {text});
        }
    }
}
