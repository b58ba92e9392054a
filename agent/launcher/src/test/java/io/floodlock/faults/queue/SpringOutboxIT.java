package io.floodlock.faults.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.SpringOutbox;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are made in a transaction of Spring, of its version 6 and 7, are stored if and only if it commits. */
@OnEachJdk
class SpringOutboxIT extends SharedRedis {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The lines that each kind leaves: the rows of its transaction, and the calls that have run. */
    private static final Map<String, List<String>> LINES = Map.of(
            "commit", List.of("", " followed 1"),
            "callFirst", List.of("", " followed 1", " followed 2"),
            "callOnly", List.of(" followed 1"),
            "rollback", List.of(),
            "new", List.of("", " followed 2"),
            "nested", List.of("", " followed 1", " followed 3"),
            "suspended", List.of(" followed 1"),
            "afterCommit", List.of("", " followed 1"));

    private final Ledger ledger = Servers.ledger();

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void callsShareTheFateOfTheirTransaction(int version) {
        try (Program app = program(SpringOutbox.class)
                .with(ClassPath.folder("spring-" + version))
                .database("one", ledger.url())
                .start()) {
            app.call("load").value();
            Map<String, List<String>> expected = new TreeMap<>();
            for (String manager : List.of("jdbc", "source", "lazy")) {
                LINES.forEach((kind, lines) -> {
                    String name = manager + " " + kind;
                    boolean undone = List.of("rollback", "new", "suspended").contains(kind);
                    assertEquals(
                            undone ? "rolled back" : "committed",
                            app.call("place", manager, kind, name).value(),
                            name);
                    expected.put(name, lines);
                });
            }
            // calls of one bucket are sent in the order of commits, but these have many buckets
            Await.until(
                    () -> "the lines " + expected + ", not " + found(expected),
                    LIMIT,
                    () -> found(expected).equals(expected));
        }
    }

    private Map<String, List<String>> found(Map<String, List<String>> names) {
        Map<String, List<String>> found = new TreeMap<>();
        names.keySet()
                .forEach(name -> found.put(
                        name,
                        ledger.query("SELECT substr(line, " + (name.length() + 1) + ") FROM ledger WHERE line LIKE '"
                                + name + "%' AND (line = '" + name + "' OR line LIKE '" + name
                                + " followed%') ORDER BY line")));
        return found;
    }
}
