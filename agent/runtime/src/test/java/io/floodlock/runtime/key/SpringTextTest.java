package io.floodlock.runtime.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys as Spring's and Lock4j's users write them: understood, or refused with the right spelling, never literal text. */
class SpringTextTest {

    record Order(long id, Map<String, String> tags) {}

    @SuppressWarnings("unused")
    static void call(Order order, String p0) {}

    private static final Object[] ARGUMENTS = {new Order(42, Map.of("a", "red", "*", "star")), "second"};

    private static final String UNDERSTOOD = """
                    #order.id                           | 42
                    'order:' + #order.id                | order:42
                    "order:"+#order.id                  | order:42
                    'order:' + #order.id + ':' + #p0    | order:42:second
                    #a0.id                              | 42
                    #p1                                 | second
                    #root.args[0].id + '/x'             | 42/x
                    'tag:' + #order.tags['a']           | tag:red
                    'it''s ' + #order.id                | it's 42
                    'all'                               | all
                    {order.tags['a']}                   | red
                    {order.tags["*"]}                   | star
                    order:{#order.id}                   | order:42
                    C#:{order.id}                       | C#:42
                    """;

    @Test
    void whatMeansTheSameIsUnderstood() {
        UNDERSTOOD.lines().map(SpringTextTest::columns).forEach(line -> assertEquals(line[1], of(line[0])));
    }

    private static final String REFUSED = """
                    order:#order.id                     | write "order:{order.id}"
                    'order:#order.id'                   | write "'order:{order.id}'"
                    'order:{order.id}'                  | without quotes
                    #{#order.id}                        | write text with paths in braces
                    order:#{order.id}                   | write text with paths in braces
                    #order.getId()                      | "order:{order.getId}" (a getter without parentheses)
                    #order?.id                          | {order}
                    #order.id > 1 ? 'a' : 'b'           | {order.id}
                    'order:' + (#order.id + 1)          | {order.id}
                    'order:' + #order.id + 1            | {order.id}
                    'order:'                      +     | {order.id}
                    'order:' #order.id                  | {order.id}
                    T(java.util.UUID).randomUUID()      | write text with paths in braces
                    @keys.of(#order)                    | {order}
                    order.id                            | write {order.id}
                    order.id + ':x'                     | write text with paths in braces
                    #result.id                          | does not exist yet
                    #root.methodName                    | only #root.args[0] is
                    #root.target.name                   | {this.name}
                    #nobody.id                          | names no parameter of the method
                    #order.id + #p0                     | separator
                    #order.id + '-' + #p0               | separator
                    """;

    @Test
    void everythingElseIsRefusedWithTheRightSpelling() {
        REFUSED.lines().map(SpringTextTest::columns).forEach(line -> {
            String message = assertThrows(IllegalArgumentException.class, () -> of(line[0]), line[0])
                    .getMessage();
            assertTrue(message.contains(line[1]), message);
        });
    }

    private static String[] columns(String line) {
        return line.trim().split("\\s+\\|\\s+", 2);
    }

    private static String of(String text) {
        var method = Arrays.stream(SpringTextTest.class.getDeclaredMethods())
                .filter(each -> each.getName().equals("call"))
                .findFirst()
                .orElseThrow();
        return KeyTemplate.parse(text)
                .bind(MethodHandles.lookup(), method, List.of("order", "p0"))
                .of(null, ARGUMENTS);
    }
}
