package io.floodlock.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Which changes of released messages fail a build, and which pass. */
class ReleasedMessagesTest {

    private static final String BEFORE = """
            enum State { NEW, PAID, SENT }
            record Item(String product, int quantity) {}
            sealed interface Payment {}
            record Card(String number) implements Payment {}
            record Cash(long cents) implements Payment {}
            record Box<T>(T content) {}
            static class Order { State state; List<Item> items; Payment payment; Box<String> note; }
            record Receipt(long number) {}
            @Queued(queue = "orders", name = "place")
            CompletableFuture<Receipt> place(Order order, int times) { return null; }
            @Queued(queue = "orders", name = "drop")
            void drop(long number) {}
            """;

    private static final String AT_PLACE = "message \"place\" of queue \"orders\" in ";

    @TempDir
    private Path folder;

    private record Change(String title, String from, String to, String message) {}

    @TestFactory
    Stream<DynamicTest> changesThatStoredCallsCouldNotSurviveFail() {
        return Stream.of(
                        new Change(
                                "a removed method",
                                "@Queued(queue = \"orders\", name = \"drop\")",
                                "",
                                "no method takes it any more, so its stored calls would wait for ever; keep"
                                        + " a method with queue = \"orders\", name = \"drop\", or remove its lines"),
                        new Change(
                                "a renamed method",
                                "name = \"drop\"",
                                "name = \"remove\"",
                                "no method takes it any more"),
                        new Change(
                                "another queue",
                                "@Queued(queue = \"orders\", name = \"drop\")",
                                "@Queued(queue = \"drops\", name = \"drop\")",
                                "no method takes it any more"),
                        new Change(
                                "a parameter more",
                                "drop(long number)",
                                "drop(long number, String why)",
                                "its parameters were [number] and are [number, why], so its stored calls can't be"
                                        + " read; take the change back, or give the changed method another name"),
                        new Change("a parameter less", "drop(long number)", "drop()", "were [number] and are []"),
                        new Change(
                                "a renamed parameter",
                                "drop(long number)",
                                "drop(long id)",
                                "were [number] and are [id]"),
                        new Change(
                                "parameters in another order",
                                "Order order, int times",
                                "int times, Order order",
                                "were [order, times] and are [times, order]"),
                        new Change(
                                "another type of a parameter",
                                "drop(long number)",
                                "drop(String number)",
                                "parameter number was long and is java.lang.String"),
                        new Change(
                                "an array of it", "drop(long number)", "drop(long[] number)", "was long and is long[]"),
                        new Change(
                                "a removed constant",
                                "NEW, PAID, SENT",
                                "NEW, SENT",
                                AT_PLACE + "FILE: parameter order.state lacks the constant PAID, so its stored calls"),
                        new Change(
                                "a removed permitted class",
                                "record Cash(long cents) implements Payment",
                                "record Cash(long cents)",
                                "parameter order.payment lacks the permitted class Cash"),
                        new Change(
                                "a permitted class with another component",
                                "Cash(long cents)",
                                "Cash(String cents)",
                                "parameter order.payment as Cash.cents was long and is java.lang.String"),
                        new Change(
                                "another type of a component",
                                "int quantity",
                                "BigDecimal quantity",
                                "parameter order.items[].quantity was int and is java.math.BigDecimal"),
                        new Change(
                                "another type of a field",
                                "List<Item> items",
                                "Map<String, Item> items",
                                "parameter order.items was java.util.List<app.Orders$Item> and is java.util.Map<"),
                        new Change(
                                "another type argument",
                                "Box<String> note",
                                "Box<Long> note",
                                "parameter order.note.content was java.lang.String and is java.lang.Long"),
                        new Change(
                                "a record where an enum was",
                                "enum State { NEW, PAID, SENT }",
                                "record State(String name) {}",
                                "parameter order.state was of kind enum and is of kind object"),
                        new Change(
                                "another type in the result",
                                "Receipt(long number)",
                                "Receipt(String number)",
                                "its result.number was long and is java.lang.String"),
                        new Change(
                                "no result any more",
                                "CompletableFuture<Receipt> place(Order order, int times) { return null; }",
                                "void place(Order order, int times) {}",
                                "its result was app.Orders$Receipt and is void"))
                .map(change -> DynamicTest.dynamicTest(change.title, () -> fails(change)));
    }

    @TestFactory
    Stream<DynamicTest> changesThatTheCodecBridgesPass() {
        return Stream.of(
                        new Change("no change", "", "", ""),
                        new Change("an added field", "State state;", "State state; String shop;", ""),
                        new Change("an added component", "String product,", "String product, String shop,", ""),
                        new Change("a removed field", "Box<String> note;", "", ""),
                        new Change(
                                "fields in another order",
                                "String product, int quantity",
                                "int quantity, String product",
                                ""),
                        new Change("an added constant", "NEW, PAID, SENT", "SENT, LOST, PAID, NEW", ""),
                        new Change(
                                "an added permitted class",
                                "record Box",
                                "record Gift() implements Payment {} record Box",
                                ""),
                        new Change(
                                "a new method",
                                "record Box",
                                "@Queued(queue = \"orders\", name = \"new\") void add() {} record Box",
                                ""),
                        new Change("a renamed method with the same name in calls", "void drop", "void remove", ""),
                        new Change(
                                "a result where none was",
                                "void drop(long number) {}",
                                "CompletionStage<String> drop(long number) { return null; }",
                                ""),
                        new Change(
                                "a record instead of an object",
                                "static class Order { State state; List<Item> items; Payment payment;"
                                        + " Box<String> note; }",
                                "record Order(State state, List<Item> items, Payment payment, Box<String> note) {}",
                                ""))
                .map(change -> DynamicTest.dynamicTest(change.title, () -> passes(change)));
    }

    @Test
    void aRenamedClassPassesWhereItsNameDoesNotTravel() throws IOException {
        Path released = release();
        assertEquals(
                List.of(),
                compile(BEFORE.replace("Order ", "Purchase ").replace("Item", "Line"), released)
                        .errors());
        assertEquals(
                1, compile(BEFORE.replace("Cash", "Coins"), released).errors().size());
    }

    @Test
    void everythingIsReportedAtItsMethod() throws IOException {
        Compiled compiled = compile(
                BEFORE.replace("NEW, PAID, SENT", "NEW").replace("drop(long number)", "drop(int number)"), release());
        assertEquals(3, compiled.errors().size());
        assertTrue(Compiled.place(compiled.said().get(0)).startsWith("@Queued(queue = \"orders\", name = \"drop\")"));
        assertTrue(Compiled.place(compiled.said().get(2)).startsWith("@Queued(queue = \"orders\", name = \"place\")"));
        assertTrue(compiled.files().keySet().stream().noneMatch(name -> name.startsWith("META-INF")));
    }

    @Test
    void aMethodIsMissedAlsoWhereNoneIsLeft() throws IOException {
        assertEquals(2, compile("", release()).errors().size());
    }

    @Test
    void aFileThatIsMissingOrNoManifestFails() throws IOException {
        Path missing = folder.resolve("missing");
        assertTrue(compile(BEFORE, missing).errors().get(0).contains("which can't be read"));
        Path other = Files.writeString(folder.resolve("other"), "floodlock messages 2\n");
        assertEquals(
                List.of("floodlock.released is \"" + other
                        + "\", which is no manifest of messages: line 1 is"
                        + " \"floodlock messages 2\", which is not \"floodlock messages 1\"; copy a release's"
                        + " META-INF/floodlock/messages there"),
                compile(BEFORE, other).errors());
        Path broken = Files.writeString(folder.resolve("broken"), "floodlock messages 1\n\n# text\nmessage orders\n");
        assertTrue(compile(BEFORE, broken).errors().get(0).contains("line 4 is \"message orders\""));
    }

    private void fails(Change change) throws IOException {
        Path released = release();
        assertTrue(BEFORE.contains(change.from), change.from);
        List<String> errors =
                compile(BEFORE.replace(change.from, change.to), released).errors();
        assertEquals(1, errors.size(), errors::toString);
        String expected = change.message.replace("FILE", released.toString());
        assertTrue(errors.get(0).contains(expected), errors::toString);
        assertTrue(errors.get(0).contains(released.toString()), errors::toString);
    }

    private void passes(Change change) throws IOException {
        Path released = release();
        assertTrue(BEFORE.contains(change.from), change.from);
        Compiled compiled = compile(BEFORE.replace(change.from, change.to), released);
        assertEquals(List.of(), compiled.said());
        assertTrue(compiled.files().containsKey(FloodlockProcessor.MESSAGES));
    }

    private Path release() throws IOException {
        String messages = sources(BEFORE).compile().text(FloodlockProcessor.MESSAGES);
        return Files.writeString(folder.resolve("released"), messages);
    }

    private static Compiled compile(String body, Path released) {
        return sources(body).option("-Afloodlock.released=" + released).compile();
    }

    private static Compiled.Sources sources(String body) {
        return new Compiled.Sources()
                .add(
                        "app.Orders",
                        "package app; import io.floodlock.*; import java.math.*; import java.util.*;"
                                + " import java.util.concurrent.*;\nclass Orders {\n" + body + "}\n");
    }
}
