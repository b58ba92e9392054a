package io.floodlock.runtime.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.jdbc.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class GarbageTest {

    private final Databases databases = new Databases();

    @Test
    void aDecisionGoesOnlyWhenAllItsBranchesAreKnownToBeFinished() throws Exception {
        String first = Servers.shared(0);
        String second = Servers.shared(1);
        try (Transactions engine =
                        new Transactions(Settings.of(Map.of("namespace", "garbage")), Events.NONE, () -> null);
                Bank a = Bank.simple(engine, first);
                Bank b = Bank.simple(engine, second)) {
            for (int i = 0; i < 5; i++) {
                Scopes.run(engine, () -> {
                    a.add(1, -1);
                    b.add(1, 1);
                });
            }
            assertEquals(5, a.decisions('C'));
            Garbage garbage = new Garbage("garbage", Duration.ZERO);
            Map<Database, Connection> open = new LinkedHashMap<>();
            Connection ownA = open(first, open);
            Database home = open.keySet().iterator().next();
            try (ownA) {
                assertEquals(0, garbage.collect(home, ownA, open), "the other database was not reached");
                try (Connection ownB = open(second, open)) {
                    String gid = a.text("SELECT gid || ':' || branches FROM floodlock_tx WHERE state = 'C'"
                            + " ORDER BY gid OFFSET 2 LIMIT 1");
                    b.run("BEGIN; UPDATE account SET balance = balance; PREPARE TRANSACTION '" + gid + "'");
                    assertEquals(4, garbage.collect(home, ownA, open), "one branch is prepared");
                    Postgres.finish(ownB, gid, false);
                    assertEquals(0, new Garbage("garbage", Duration.ofHours(1)).collect(home, ownA, open), "too young");
                    assertEquals(0, new Garbage("others", Duration.ZERO).collect(home, ownA, open), "not its own");
                    assertEquals(1, garbage.collect(home, ownA, open));
                }
            }
            assertEquals(0, a.decisions('C'));
            assertEquals(1, a.decisions('I'), "the database's id stays");
        }
    }

    private Connection open(String url, Map<Database, Connection> open) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        Connection own = OwnConnections.open(source);
        open.put(databases.ofOwn(source, own), own);
        return own;
    }
}
