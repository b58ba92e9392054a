package io.floodlock.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

/** Names that are left out are warned of, and names that two methods share are refused. */
class WireNamesTest {

    @Test
    void namesThatAreLeftOutAreWarnedOfWithTheValueInUse() {
        Compiled compiled = orders("@Queued void place() {}");
        assertEquals(
                List.of("@Queued gives neither queue nor name, so its stored calls are lost to it once the class or the"
                        + " method is renamed; write the value in use today: queue = \"com.shop.Orders\", name ="
                        + " \"place\""),
                compiled.warnings());
        assertEquals(List.of(), compiled.errors());
        assertEquals(3, compiled.said().get(0).getLineNumber());
    }

    @Test
    void aWarningNamesOnlyWhatIsLeftOut() {
        assertEquals(
                List.of("@Queued gives no name, so its stored calls are lost to it once the method is renamed; write"
                        + " the value in use today: name = \"place\""),
                orders("@Queued(queue = \"orders\") void place() {}").warnings());
        assertEquals(
                List.of("@Queued gives no queue, so its stored calls are lost to it once the class is renamed; write"
                        + " the value in use today: queue = \"com.shop.Orders$Inner\""),
                orders("static class Inner { @Queued(name = \"place\") void place() {} }")
                        .warnings());
    }

    @Test
    void aWarningCanBeSuppressedOnTheMethodAndOnItsClass() {
        assertEquals(
                List.of(),
                orders("@SuppressWarnings(\"floodlock\") @Queued void place() {}")
                        .said());
        assertEquals(
                List.of(),
                orders("@SuppressWarnings({\"unused\", \"floodlock\"}) static class In { @Queued void place() {} }")
                        .said());
        assertEquals(
                1,
                orders("@SuppressWarnings(\"unused\") @Queued void place() {}")
                        .warnings()
                        .size());
    }

    @Test
    void anAnnotationOfTheApplicationGivesNamesToo() {
        assertEquals(
                List.of(),
                orders("@Queued(queue = \"q\", name = \"n\") @interface Later {} @Later void place() {}")
                        .said());
    }

    @Test
    void twoClassesCanNotShareAName() {
        Compiled compiled = new Compiled.Sources()
                .add(
                        "com.shop.A",
                        "package com.shop;\nclass A { @io.floodlock.Queued(queue = \"q\", name = \"n\")"
                                + " void a(String x) {} }")
                .add(
                        "com.shop.B",
                        "package com.shop;\nclass B {\n @io.floodlock.Queued(queue = \"q\", name = \"n\")"
                                + " void b() {} }")
                .compile();
        assertEquals(
                List.of("@Queued name is \"n\" in queue \"q\", as that of com.shop.A.a(java.lang.String), so a stored"
                        + " call would not identify which of them to run; give one of them another name, as name ="
                        + " \"n2\""),
                compiled.errors());
        assertEquals(3, compiled.said().get(0).getLineNumber());
        assertEquals(Diagnostic.Kind.ERROR, compiled.said().get(0).getKind());
    }

    @Test
    void aDefaultNameMayNotBeThatOfAnother() {
        Compiled compiled = orders("@Queued(queue = \"q\") void place() {}\n"
                + "@Queued(queue = \"q\", name = \"place\") void other() {}");
        assertEquals(1, compiled.errors().size());
    }

    private static Compiled orders(String body) {
        return new Compiled.Sources()
                .add("com.shop.Orders", "package com.shop; import io.floodlock.*;\nclass Orders {\n" + body + "}")
                .compile();
    }
}
