package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.PessimisticLock;
import io.floodlock.SharedLock;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.rulebook.FileRules;
import io.floodlock.weaver.rulebook.RuleBook;
import io.floodlock.weaver.rulebook.RuleHits;
import io.floodlock.weaver.rules.FileRule;
import io.floodlock.weaver.rules.RuleFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules and annotations on one class, and what becomes of its methods. */
class FileRulesTest {

    private static final String HERE = "io.floodlock.weaver.FileRulesTest";

    @TempDir
    Path folder;

    private RuleHits hits;
    private Woven woven;

    @Test
    void aMethodWithoutAnnotationsIsWovenWithItsParameterNames() throws Exception {
        load("pessimisticLock: execution(* " + HERE + ".Plain.set(..)) key=plain:{name}", Plain.class);
        CallSpec spec = only();
        assertEquals("set", spec.method());
        assertEquals(List.of("name", "value"), spec.parameterNames());
        assertEquals(List.of("shop.rules:1"), origins(spec));
        assertEquals(Map.of(), hits.unmatched());
    }

    @Test
    void withoutRulesNothingIsWoven() throws Exception {
        load("", Plain.class);
        assertEquals(List.of(), woven.runtime.woven);
    }

    @Test
    void implementorsAreMatchedByTheirInterface() throws Exception {
        load("pessimisticLock: execution(* java.util.function.Supplier.get()) key=k", Plain.class);
        assertEquals("get", only().method());
    }

    @Test
    void aRuleStandsInForTheAnnotationsOfItsKindAndAddsToOthers() throws Exception {
        load("""
                pessimisticLock: execution(* *..Annotated.write(..)) key=rule
                pessimisticLock: execution(* *..Annotated.wri*(..)) key=other
                distributedTx: execution(* *..Annotated.write(..))
                """, Annotated.class);
        CallSpec spec = only();
        assertEquals(List.of("@SharedLock", "shop.rules:1", "shop.rules:2", "shop.rules:3"), origins(spec));
        WeavingDecision decision = woven.decisions.stream()
                .filter(each -> each.method().equals("write"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of("@PessimisticLock", "@PessimisticLock"),
                decision.overridden().stream().map(Rule::origin).toList());
    }

    @Test
    void twoRulesOfAKindThatIsGivenOnceRefuseTheClass() throws Exception {
        String rules = """
                queued: execution(* *..Plain.set(..))
                queued: within(*..Plain) && execution(void s*(..)) queue=q
                """;
        assertThrows(ClassFormatError.class, () -> initialize(rules, Plain.class));
        assertTrue(
                woven.decisions.stream()
                        .anyMatch(
                                each -> each.note().contains("matches shop.rules:1: queued and shop.rules:2: queued")),
                woven.decisions.toString());
    }

    @Test
    void aClassThatARuleNamesAndThatCantBeWovenIsRefused() throws Exception {
        assertThrows(
                ClassFormatError.class,
                () -> initialize("queued: execution(int *..Annotated.count())", Annotated.class));
        assertTrue(woven.decisions.get(0).note().contains("shop.rules:1: queued"), woven.decisions.toString());
    }

    @Test
    void whatHasNoBodyOfItsOwnIsPassedOverAndReported() throws Exception {
        load("pessimisticLock: execution(* *..Shape.area(..)) key=k", Shape.class);
        assertEquals(List.of(), woven.runtime.woven);
        assertTrue(woven.decisions.stream()
                .anyMatch(each -> each.outcome() == WeavingDecision.Outcome.PASSED_OVER
                        && each.rules().get(0).origin().equals("shop.rules:1")));
        String line = hits.unmatched().get("shop.rules:1: pessimisticLock");
        assertTrue(line.startsWith("the pointcut 'execution"), line);
        assertTrue(line.contains("only a method that can't be woven: " + HERE + "$Shape.area is abstract"), line);
    }

    @Test
    void bridgesAndLambdasArePassedOver() throws Exception {
        load("pessimisticLock: within(*..Plain) && !execution(void set(..)) key=k", Plain.class);
        assertEquals(List.of("get", "later"), methods());
        assertEquals(
                2,
                woven.decisions.stream()
                        .filter(each -> each.outcome() == WeavingDecision.Outcome.PASSED_OVER)
                        .count());
    }

    @Test
    void aRuleThatNamesAClassAndNoneOfItsMethodsIsToldWhatItHas() throws Exception {
        String plain = Plain.class.getName();
        load("pessimisticLock: execution(* " + plain.replace('$', '.') + ".sett(..)) key=k", Plain.class);
        assertEquals(1, hits.unmatched().size());
        String line = String.join("\n", hits.unmatched().values());
        assertTrue(line.contains("matches no method: " + plain + " exists"), line);
        assertTrue(line.contains("set(java.lang.String, int)"), line);
    }

    @Test
    void aRuleWhoseParametersFitNoMethodIsToldSoToo() throws Exception {
        String plain = Plain.class.getName();
        load("pessimisticLock: execution(* " + plain.replace('$', '.') + ".set(String)) key=k", Plain.class);
        assertTrue(hits.unmatched().toString().contains("set(java.lang.String, int)"), hits.unmatched()::toString);
    }

    @Test
    void aGlanceAtNameAndConstantPoolKeepsOutMost() throws Exception {
        byte[] file = Woven.file(Plain.class);
        String name = Plain.class.getName().replace('.', '/');
        for (String pointcut : new String[] {
            "execution(* io.floodlock..*(..))",
            "execution(* s*(..))",
            "execution(* *et(..))",
            "execution(* none(..)) || execution(* set(..))",
            "within(io.floodlock..*)",
            "within(" + HERE + ")",
            "within(" + HERE + ".Plain)",
            "within(*..Plain) && execution(* set(..))",
            "!within(com.shop..*)",
            "execution(* java.util.function.Supplier.*(..))",
            "@within(com.shop.Audited) || within(*..Plain)",
            "@annotation(io.floodlock.weaver.FileRulesTest.Marked)",
        }) {
            assertTrue(book(pointcut).mayName(getClass().getClassLoader(), name, file), pointcut);
        }
        for (String pointcut : new String[] {
            "execution(* place(..))",
            "execution(* set())",
            "execution(static * set(..))",
            "execution(* *..Other.set(..))",
            "execution(* java.lang.Runnable.set(..))",
            "execution(* " + HERE + ".Plain.place(..))",
            "execution(* plac*(..))",
            "execution(* *lace(..))",
            "execution(* place(..)) && within(*..Plain)",
            "within(com.shop..*)",
            "within(*..Other)",
            "within(io.floodlock.weaver.FileRulesTes)",
            "within(com.shop..*) && execution(* set(..))",
            "@annotation(com.shop.Audited)",
            "@within(com.shop.Audited)",
            "execution(* com.shop..*(..))",
            "@annotation(com.shop.Audited) || execution(* place(..))",
        }) {
            assertFalse(book(pointcut).mayName(getClass().getClassLoader(), name, file), pointcut);
        }
    }

    private RuleBook book(String pointcut) throws IOException {
        return new FileRules(read("distributedTx: " + pointcut), new RuleHits(List.of()), Decisions.NONE);
    }

    private void load(String rules, Class<?> type) throws IOException {
        List<FileRule> read = read(rules);
        hits = new RuleHits(read);
        woven = new Woven(decisions -> new FileRules(read, hits, decisions));
        woven.load(type);
    }

    private void initialize(String rules, Class<?> type) throws IOException, ClassNotFoundException {
        List<FileRule> read = read(rules);
        hits = new RuleHits(read);
        woven = new Woven(decisions -> new FileRules(read, hits, decisions));
        woven.initialize(type);
    }

    private List<FileRule> read(String rules) throws IOException {
        return RuleFile.read(
                Files.writeString(folder.resolve("shop.rules"), rules).toString());
    }

    private CallSpec only() {
        assertEquals(1, woven.runtime.woven.size(), woven.runtime.woven.toString());
        return woven.runtime.woven.get(0);
    }

    private List<String> methods() {
        return woven.runtime.woven.stream().map(CallSpec::method).sorted().toList();
    }

    private static List<String> origins(CallSpec spec) {
        return spec.rules().stream().map(Rule::origin).toList();
    }

    @interface Marked {}

    static class Plain implements Supplier<String> {

        @Marked
        void set(String name, int value) {}

        @Override
        public String get() {
            return "";
        }

        Runnable later() {
            return () -> set("", 0);
        }
    }

    static class Annotated {

        @PessimisticLock(key = "a")
        @PessimisticLock(key = "b")
        @SharedLock(key = "c")
        void write(String text) {}

        int count() {
            return 0;
        }
    }

    abstract static class Shape {
        abstract double area();
    }
}
