package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Bodies whose work goes on in a stage. */
public final class Stages {

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);
    private static final ExecutorService EVENT_LOOP =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "event-loop"));
    private static volatile CompletableFuture<String> held;

    private final String name = "stages";

    private Stages() {}

    /** As many calls at once, each of which is alone in the room. */
    static String visit(String folder, String calls) {
        Stages stages = new Stages();
        CompletableFuture<?>[] all = IntStream.range(0, Integer.parseInt(calls))
                .mapToObj(call -> stages.selfCall(folder))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        return "visited";
    }

    private CompletableFuture<String> selfCall(String folder) {
        return inTheRoom(folder);
    }

    @PessimisticLock(key = "{this.name}:{folder}", waitTime = "1m")
    private CompletableFuture<String> inTheRoom(String folder) {
        Room.enter(folder);
        return CompletableFuture.supplyAsync(() -> name, LATER).whenComplete((seen, thrown) -> Room.leave(folder));
    }

    /** Holds the lock until the test completes its stage. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static CompletionStage<String> hold(String item) {
        held = new CompletableFuture<>();
        Console.say("holding " + item);
        return held;
    }

    static String holdAndWait(String item) {
        return hold(item).toCompletableFuture().join();
    }

    static String letGo(String text) {
        return "let go " + held.complete(text);
    }

    static String breakIt(String text) {
        return "broken " + held.completeExceptionally(new IllegalStateException(text));
    }

    /** Cancels what holds, or waits for, the lock. */
    static String cancelled(String item, String gate) {
        CompletableFuture<String> result = hold(item).toCompletableFuture();
        Console.say("asked " + item);
        Console.waitAt(gate);
        return "cancelled " + result.cancel(true);
    }

    /** Asks for the lock on the event loop, which the test then asks whether it lives. */
    static String askOnEventLoop(String item) throws Exception {
        return EVENT_LOOP.submit(() -> hold(item)).get().toCompletableFuture().get();
    }

    static String ping() throws Exception {
        return EVENT_LOOP.submit(() -> "pong").get();
    }

    /** Never completes; the lock is held for two seconds at most. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m", maxHold = "500ms")
    static CompletableFuture<String> forget(String item) {
        return new CompletableFuture<>();
    }

    static String forgotten(String item) {
        return forget(item).join();
    }

    // ---- results whose declared type does not tell

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static <T> T generic(String item, Supplier<T> work) {
        return work.get();
    }

    static String holdHidden(String item) {
        held = new CompletableFuture<>();
        CompletableFuture<String> same = generic(item, () -> held);
        Console.say("holding " + item);
        return same.join();
    }

    static String hideFuture(String item) {
        Future<?> future = generic(item, () -> EVENT_LOOP.submit(() -> Console.waitAt("never")));
        return "never seen " + future;
    }

    static String hidePublisher(String item) {
        SubmissionPublisher<String> publisher = generic(item, SubmissionPublisher<String>::new);
        return "never seen " + publisher;
    }

    static String hideNothing(String item) {
        String nothing = generic(item, () -> null);
        return generic(item, () -> "plain") + nothing;
    }

    // ---- scopes inside scopes

    /** What it holds it asks for again, later and on other threads. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static CompletableFuture<String> outer(String item) {
        return CompletableFuture.supplyAsync(() -> item, LATER)
                .thenApplyAsync(Stages::inner, LATER)
                .thenCompose(text -> innerStage(item)
                        .thenCombineAsync(
                                CompletableFuture.supplyAsync(() -> inner(item), LATER),
                                (a, b) -> text + a + b,
                                LATER));
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1s")
    static String inner(String item) {
        return "inner ";
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1s")
    static CompletableFuture<String> innerStage(String item) {
        return CompletableFuture.supplyAsync(() -> inner(item), LATER);
    }

    static String innerAlone(String item) {
        return innerStage(item).join();
    }

    static String nested(String item) {
        return outer(item).join();
    }

    // ---- stored calls

    @Queued(queue = "stages", name = "stored")
    @PessimisticLock(key = "{folder}", waitTime = "1m")
    static CompletableFuture<String> stored(String folder) {
        Room.enter(folder);
        return CompletableFuture.supplyAsync(() -> "stored", LATER).whenComplete((seen, thrown) -> Room.leave(folder));
    }

    static String store(String folder, String calls) {
        CompletableFuture<?>[] all = IntStream.range(0, Integer.parseInt(calls))
                .mapToObj(call -> stored(folder))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        return "stored";
    }
}
