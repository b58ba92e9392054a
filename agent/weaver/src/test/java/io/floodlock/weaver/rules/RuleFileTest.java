package io.floodlock.weaver.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleFileTest {

    @TempDir
    Path folder;

    @Test
    void aLineIsAKindAPointcutAndAttributes() throws IOException {
        List<FileRule> rules = read(
                "\uFEFF# stock",
                "",
                "pessimisticLock: execution(* com.shop.Orders.place(..)) key=order:{0.id} waitTime=3s",
                "  sharedLock :within(com.shop..*) && !execution(* get*(..))   key=\"a b\" key={0}   ",
                "queued: execution(void com.shop.Mail.send(String)) queue=mail backoff=1s..1m noRetryFor=a.B noRetryFor=a.C$D",
                "distributedTx: @annotation(com.shop.Atomic)",
                "pessimisticLock: execution(* com.shop.Rates.set(..)) key=#rate.id");
        assertEquals(
                new Rule(
                        Kind.PESSIMISTIC_LOCK,
                        Map.of("key", List.of("order:{0.id}"), "waitTime", List.of("3s")),
                        "shop.rules:3"),
                rules.get(0).rule());
        assertEquals("execution(* com.shop.Orders.place(..))", rules.get(0).text());
        assertEquals(
                new Rule(Kind.SHARED_LOCK, Map.of("key", List.of("a b", "{0}")), "shop.rules:4"),
                rules.get(1).rule());
        assertEquals(
                "within(com.shop..*) && !execution(* get*(..))", rules.get(1).text());
        assertEquals(List.of("a.B", "a.C$D"), rules.get(2).rule().attributes().get("noRetryFor"));
        assertEquals(
                new Rule(Kind.DISTRIBUTED_TX, Map.of(), "shop.rules:6"),
                rules.get(3).rule());
        assertEquals(List.of("#rate.id"), rules.get(4).rule().attributes().get("key"));
    }

    @Test
    void allThatIsWrongIsSaidAtOnceWithItsLine() {
        String[][] wrong = {
            {"mutex: execution(* a.B.c(..)) key=k", "does not begin with a kind of rule: sharedLock, pessimisticLock"},
            {"execution(* a.B.c(..))", "does not begin with a kind of rule"},
            {"pessimisticLock: execution(* a.B.c(..))", "key is \"\"; it must be at least one key"},
            {
                "pessimisticLock: execution(* a.B.c(..)) key=k waitTime=soon",
                "waitTime is \"soon\"; it must be a duration"
            },
            {
                "pessimisticLock: execution(* a.B.c(..)) key=k waitTime=1s waitTime=2s",
                "waitTime is given twice, [1s, 2s]"
            },
            {"pessimisticLock: execution(* a.B.c(..)) key=a{", "key \"a{\": the { at position 2 has no }"},
            {"pessimisticLock: execution(* a.B.c(..)) key=k lease=1s", "has [lease], which"},
            {"pessimisticLock: execution(* a.B.c(..)) key=\"k", "a value that starts with \" must end with \""},
            {"pessimisticLock: execution(* a.B.c(..)) key=k and more", "'and more' is not an attribute"},
            {"pessimisticLock: call(* a.B.c(..)) key=k", "the pointcut 'call(* a.B.c(..))' uses"},
            {"pessimisticLock: execution(* a.B.c(..) key=k", "is not a pointcut"},
            {"pessimisticLock: key=k", "the pointcut '' is not a pointcut"},
            {"queued: execution(* a.B.c(..)) attempts=0", "attempts is \"0\"; it must be a number of at least 1"},
            {
                "distributedTx: execution(* a.B.c(..)) timeout=2h",
                "timeout is \"2h\"; it must be more than 0 and at most 50m"
            },
        };
        String[] lines = new String[wrong.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = wrong[i][0];
        }
        List<String> messages = assertThrows(IllegalArgumentException.class, () -> read(lines))
                .getMessage()
                .lines()
                .toList();
        assertEquals(lines.length, messages.size(), messages.toString());
        for (int i = 0; i < lines.length; i++) {
            String message = messages.get(i);
            assertTrue(message.startsWith("shop.rules:" + (i + 1) + ": "), message);
            assertTrue(message.contains(wrong[i][1]), wrong[i][0] + " -> " + message);
        }
    }

    @Test
    void aFileThatCantBeReadIsNamed() {
        String path = folder.resolve("none.rules").toString();
        var e = assertThrows(IllegalArgumentException.class, () -> RuleFile.read(path));
        assertTrue(
                e.getMessage().contains("floodlock.rules names '" + path + "', which can't be read"), e.getMessage());
    }

    private List<FileRule> read(String... lines) throws IOException {
        Path file = Files.write(folder.resolve("shop.rules"), List.of(lines));
        return RuleFile.read(file.toString());
    }
}
