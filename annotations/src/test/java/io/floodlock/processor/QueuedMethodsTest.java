package io.floodlock.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each method of the table is accepted, or refused with its message at its place. */
class QueuedMethodsTest {

    @TestFactory
    Stream<DynamicTest> eachIsAcceptedOrRefusedAtItsPlace() {
        return MethodTable.read().stream().map(each -> DynamicTest.dynamicTest(each.title(), () -> check(each)));
    }

    private static void check(MethodTable.Case each) {
        Compiled compiled =
                new Compiled.Sources().add("app." + each.type(), each.source()).compile();
        List<Diagnostic<? extends JavaFileObject>> errors = compiled.said().stream()
                .filter(said -> said.getKind() == Diagnostic.Kind.ERROR)
                .toList();
        if (each.error().isEmpty()) {
            assertEquals(List.of(), compiled.said());
            return;
        }
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).getMessage(null).contains(each.error()), errors::toString);
        String place = Compiled.place(errors.get(0));
        assertTrue(place.startsWith(each.at()), place);
        String before = each.source().substring(0, (int) errors.get(0).getStartPosition());
        assertEquals(before.lines().count(), errors.get(0).getLineNumber());
        assertFalse(compiled.files().keySet().stream().anyMatch(name -> name.startsWith("META-INF")));
    }
}
