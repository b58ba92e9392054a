package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the facade answers. */
public final class Facade {

    private static final Queue<String> NOTES = new ConcurrentLinkedQueue<>();

    private Facade() {}

    static boolean isActive() {
        return Floodlock.isActive();
    }

    static String requireAgent() {
        Floodlock.requireAgent();
        return "passed";
    }

    static String tokenOutside() {
        return String.valueOf(Floodlock.fencingToken());
    }

    static String transactionOutside() {
        return Floodlock.transactionId();
    }

    @PessimisticLock(key = "facade:{name}")
    static String token(String name) {
        return String.valueOf(Floodlock.fencingToken());
    }

    @PessimisticLock(key = "facade:{name}")
    static String tokenByKey(String name) {
        return String.valueOf(Floodlock.fencingToken("facade:" + name));
    }

    @PessimisticLock(key = "facade:{name}")
    static String tokenOfAnotherKey(String name) {
        return String.valueOf(Floodlock.fencingToken("facade:another"));
    }

    @PessimisticLock(key = {"facade:a", "facade:b"})
    static String tokenOfSeveral() {
        return String.valueOf(Floodlock.fencingToken());
    }

    @DistributedTx
    static String transaction() {
        return Floodlock.transactionId();
    }

    /** Whether the body has run when the call returns. */
    static String direct(String what) {
        Floodlock.direct(() -> note(what, "none"));
        return "ran " + NOTES.contains(what);
    }

    static String idle(String what) {
        for (int i = 0; i < 20; i++) {
            note(what, "none");
        }
        Floodlock.awaitIdle("facade-notes", Duration.ofSeconds(30));
        return "ran " + NOTES.stream().filter(what::equals).count();
    }

    static boolean pause() {
        return Floodlock.pauseQueue("facade-notes");
    }

    static boolean resume() {
        return Floodlock.resumeQueue("facade-notes");
    }

    static boolean pauseKey(String key) {
        return Floodlock.pauseKey("facade-notes", key);
    }

    static boolean resumeKey(String key) {
        return Floodlock.resumeKey("facade-notes", key);
    }

    /** A call of the key, and one of another key that waits for the other one's end. */
    static String keyed(String paused, String other) {
        noteInOrder(paused);
        for (int i = 0; i < 20; i++) {
            noteInOrder(other);
        }
        while (NOTES.stream().filter(other::equals).count() < 20) {
            Thread.onSpinWait();
        }
        return "ran " + NOTES.contains(paused);
    }

    static int lanes(String lanes) {
        return Floodlock.changeLanes("facade-notes", Integer.parseInt(lanes));
    }

    static String settled(String what) {
        Floodlock.awaitIdle("facade-notes", Duration.ofSeconds(30));
        return "ran " + NOTES.contains(what);
    }

    @Queued(queue = "facade-notes", name = "keyed", key = "note:{what}")
    private static void noteInOrder(String what) {
        NOTES.add(what);
    }

    static String busy(String what, String gate) {
        note(what, gate);
        Floodlock.awaitIdle("facade-notes", Duration.ofMillis(200));
        return "idle";
    }

    @Queued(queue = "facade-notes", name = "note")
    private static void note(String what, String gate) {
        if (!gate.equals("none")) {
            Console.waitAt(gate);
        }
        NOTES.add(what);
    }
}
