package io.floodlock.examples.clinic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An audit that finds nothing proves something only if it finds what is there. */
class AuditIT {

    private static final Wish FIRST = new Wish(1, 1, LocalDateTime.parse("2030-01-07T09:00"));
    private static final Wish RIVAL = new Wish(2, 1, FIRST.start());
    private static final Wish OTHER_VET = new Wish(3, 2, FIRST.start());
    private static final List<Wish> WANTED = List.of(FIRST, RIVAL, OTHER_VET);

    private static PostgresServer postgres;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        postgres = PostgresServer.start(Map.of());
        url = postgres.createDatabase("clinic");
        execute(Files.readString(Path.of("../app/src/main/resources/schema.sql")));
        execute(Files.readString(Path.of("../app/src/main/resources/data.sql")));
        execute(
                "INSERT INTO owner (name) VALUES ('O')",
                "INSERT INTO pet (owner_id, name, species) VALUES (1, 'P', 'S')");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void noVisits() throws SQLException {
        execute("TRUNCATE visit");
    }

    @Test
    void findsNothingWhereAllIsWell() throws SQLException {
        visit(FIRST, "09:00");
        visit(OTHER_VET, "09:00");
        Audit audit = audit(Set.of(FIRST, OTHER_VET), Set.of(RIVAL));
        assertTrue(audit.holds(), audit.toString());
    }

    @Test
    void countsVisitsThatOverlapAnEarlierOneOfTheVet() throws SQLException {
        visit(FIRST, "09:00");
        visit(OTHER_VET, "09:00");
        visit(RIVAL, "09:29");
        assertEquals(1, audit(Set.of(), Set.of()).doubleBooked());
    }

    @Test
    void comparesTheRowsWithTheAnswers() throws SQLException {
        visit(RIVAL, "09:00");
        assertEquals(new Audit(0, 1, 1, 1), audit(Set.of(FIRST), Set.of(RIVAL)));
    }

    private static Audit audit(Set<Wish> accepted, Set<Wish> refused) throws SQLException {
        return Audit.of(url, WANTED, accepted, refused);
    }

    private static void visit(Wish wish, String time) throws SQLException {
        execute(
                ("INSERT INTO visit (vet_id, pet_id, starts_at, ends_at, reason) SELECT %d, 1, at, at + interval '30 min',"
                                + " '%d' FROM (SELECT timestamp '2030-01-07 %s' AS at) AS start")
                        .formatted(wish.vet(), wish.number(), time));
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
