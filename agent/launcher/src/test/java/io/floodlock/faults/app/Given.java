package io.floodlock.faults.app;

import io.floodlock.Floodlock;
import io.floodlock.LockTimeoutException;
import io.floodlock.PessimisticLock;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;

/** Locks whose keys are known only at run time. */
public final class Given {

    private Given() {}

    static String key(String template, String value) {
        return Floodlock.key(template, value);
    }

    static String keyOfNothing() {
        return Floodlock.key("order:{}", (Object) null);
    }

    /** What the key of {@link #key} has to exclude. */
    @PessimisticLock(key = "given:{item}", waitTime = "0")
    static String annotated(String item) {
        return "locked";
    }

    @PessimisticLock(key = "given:{item}", waitTime = "1m")
    static String annotatedAround(String item) {
        return Floodlock.exclusive(Floodlock.key("given:{}", item))
                .waitTime(Duration.ZERO)
                .call(() -> "re-entered");
    }

    static String hold(String item, String gate) {
        return Floodlock.locked(Floodlock.key("given:{}", item), () -> {
            Console.say("holding " + item);
            Console.waitAt(gate);
            return "held";
        });
    }

    static String share(String item, String gate) {
        return Floodlock.shared("given:" + item).call(() -> {
            Console.say("sharing " + item);
            Console.waitAt(gate);
            return "shared";
        });
    }

    static String lockAtOnce(String item) {
        return Floodlock.exclusive("given:" + item).waitTime(Duration.ZERO).call(() -> "locked");
    }

    static String shareAtOnce(String item) {
        return Floodlock.shared("given:" + item).waitTime(Duration.ZERO).call(() -> "shared");
    }

    static String tryRun(String item) {
        boolean ran = Floodlock.exclusive("given:" + item).tryRun(() -> Console.say("ran " + item));
        return ran ? "ran" : "busy";
    }

    static String tryCall(String item) {
        return Floodlock.exclusive("given:" + item)
                .waitTime(Duration.ofMillis(100))
                .tryCall(() -> "called")
                .toString();
    }

    static String tryRefusedInside(String item) {
        boolean ran = Floodlock.exclusive("outer:" + item).tryRun(() -> lockAtOnce(item));
        return ran ? "ran" : "busy";
    }

    static String once(String item) {
        return String.valueOf(Floodlock.exclusive("given:" + item)
                .minHold(Duration.ofHours(1))
                .tryRun(() -> {}));
    }

    static String several(String items) {
        return Floodlock.exclusive(
                        Arrays.stream(items.split(",")).map("given:"::concat).toList())
                .shared("given:prices")
                .waitTime(Duration.ZERO)
                .call(() -> Long.toString(Floodlock.fencingToken("given:a")));
    }

    static String throwing(String item) throws IOException {
        Floodlock.locked("given:" + item, () -> {
            throw new IOException("of the body");
        });
        return "returned";
    }

    static String invalid(String what) {
        switch (what) {
            case "null" -> Floodlock.locked((String) null, () -> "ran");
            case "blank" -> Floodlock.locked(" ", () -> "ran");
            case "none" -> Floodlock.locked(List.of(), () -> "ran");
            case "long" -> Floodlock.locked("k".repeat(1_001), () -> "ran");
            case "surrogate" -> Floodlock.locked("k\ud800", () -> "ran");
            case "values" -> Floodlock.key("a:{}:{}", 1);
            case "path" -> Floodlock.key("a:{id}", 1);
            case "minHold" ->
                Floodlock.exclusive("k").maxHold(Duration.ofSeconds(1)).minHold(Duration.ofSeconds(2));
            case "waitTime" -> Floodlock.exclusive("k").waitTime(Duration.ofSeconds(-1));
            default -> throw new IllegalArgumentException(what);
        }
        return "ran";
    }

    /** The keys stay held until the stage has completed. */
    static String stage(String item, String gate) {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> same = Floodlock.locked("given:" + item, () -> work);
        if (same != work) {
            return "another stage";
        }
        Console.say("returned " + item);
        Console.waitAt(gate);
        work.complete("done");
        return same.join();
    }

    static String future(String item) {
        Floodlock.locked("given:" + item, () -> new FutureTask<>(() -> "late"));
        return "returned";
    }

    /** Writes in a transaction that is open before and after; its commit waits at the gate. */
    static String writeInTransaction(String item, String line, String gate) throws Exception {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            Floodlock.locked("given:" + item, () -> Databases.insert(connection, line));
            Console.say("written " + line);
            Console.waitAt(gate);
            connection.commit();
        }
        return "committed";
    }

    static String writeAtMost(String item, String line, String gate) throws Exception {
        Floodlock.exclusive("given:" + item).maxHold(Duration.ofMillis(500)).run(() -> {
            try (Connection connection = Databases.connect("one")) {
                connection.setAutoCommit(false);
                Databases.insert(connection, line);
                Console.say("written " + line);
                Console.waitAt(gate);
                connection.commit();
            }
        });
        return "committed";
    }

    static String writeFenced(String item, String line) throws Exception {
        Optional<String> written = Floodlock.exclusive("given:" + item).fenced().tryCall(() -> {
            try (Connection connection = Databases.connect("one")) {
                Databases.insert(connection, line);
            }
            return "written";
        });
        return written.orElse("busy");
    }

    static String timeout(String item) {
        try {
            return lockAtOnce(item);
        } catch (LockTimeoutException e) {
            return e.getMessage();
        }
    }
}
