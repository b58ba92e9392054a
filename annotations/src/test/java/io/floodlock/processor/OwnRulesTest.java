package io.floodlock.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that are the processor's alone, and what it does with sources that do not compile. */
class OwnRulesTest {

    private static final String Q = "@Queued(queue = \"q\", name = \"n\") ";

    @Test
    void aQueuedTransactionBeginsItsOwn() {
        for (String allowed : List.of("REQUIRED", "REQUIRES_NEW")) {
            assertEquals(List.of(), compile(tx(allowed)).said());
        }
        for (String refused : List.of("NOT_SUPPORTED", "SUPPORTS", "MANDATORY", "NEVER")) {
            Compiled compiled = compile(tx(refused));
            assertEquals(
                    List.of("@DistributedTx propagation is " + refused
                            + ", but a stored call runs outside any transaction of its caller: a queued method can have"
                            + " REQUIRED or REQUIRES_NEW"),
                    compiled.errors());
            assertTrue(Compiled.place(compiled.said().get(0)).startsWith("Propagation." + refused));
        }
    }

    private static String tx(String propagation) {
        return Q + "@DistributedTx(propagation = Propagation." + propagation + ") void place(String order) {}";
    }

    @Test
    void aQueuedTransactionMayReturnAStage() {
        assertEquals(
                List.of(),
                compile(Q + "@DistributedTx CompletableFuture<String> place(String order) { return null; }")
                        .said());
    }

    @Test
    void aDefaultMethodOfAnInterfaceIsRefused() {
        List<String> errors = compile("interface Places { " + Q + "default void place(String order) {} }")
                .errors();
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).contains("stands on a method of an interface"), errors::toString);
    }

    @Test
    void everyMistakeOfAMethodIsReported() {
        List<String> errors = compile("@Queued(queue = \"q q\", name = \"n\", key = \"{x}\", attempts = 0, workers = 0)"
                        + " int place(Object order, Thread more) { return 0; }")
                .errors();
        assertEquals(7, errors.size(), errors::toString);
    }

    @Test
    void whatIsNoConstantOrNoTypeIsLeftToTheCompiler() {
        for (String mistake : List.of(
                Q + "void place(Missing order) {}",
                Q + "void place(java.util.List<Missing> order) {}",
                Q + "Missing place() { return null; }",
                "@Queued(queue = \"q\", name = \"n\", attempts = \"many\") void place() {}",
                "@Queued(queue = MISSING, name = \"n\") void place() {}",
                "@Queued(queue = \"q\", name = \"n\", key = \"{order.id}\") void place(Missing order) {}",
                "@Missing void place() {}")) {
            Compiled compiled = compile(mistake);
            assertFalse(compiled.errors().isEmpty());
            assertTrue(
                    compiled.errors().stream().noneMatch(error -> error.contains("@Queued")),
                    () -> mistake + compiled.errors());
        }
    }

    @Test
    void aTypeWithoutEndIsRefused() {
        String node = "record Node<T>(Node<java.util.List<T>> next, Node<java.util.Set<T>> other) {} ";
        assertEquals(
                List.of("@Queued can't store its calls: parameter first is a app.Orders$Node, which can't be"
                        + " serialized; it contains ever larger types of its own: use one that"
                        + " contains itself as it is"),
                compile(node + Q + "void place(Node<String> first) {}").errors());
    }

    private static Compiled compile(String body) {
        return new Compiled.Sources()
                .add(
                        "app.Orders",
                        "package app; import io.floodlock.*; import java.util.concurrent.*;\nclass Orders {\n" + body
                                + "\n}\n")
                .compile();
    }
}
