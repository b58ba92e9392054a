package io.floodlock.runtime.tx.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.dialect.PostgresTxDialect;
import io.floodlock.runtime.tx.engine.Servers;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.name.Ids;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class ResolverIT {

    /** A host that vanished between INSERT and COMMIT, its session left behind. */
    @Test
    void aSessionThatKeepsItsDecisionLockedIsEnded() throws Exception {
        String url = Servers.shared(0);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        ExecutorService beside = Executors.newCachedThreadPool();
        try (Connection own = DriverManager.getConnection(url);
                Connection vanished = DriverManager.getConnection(url)) {
            Database home = new Database(new PostgresTxDialect(), "home", source, DecisionTable.ensure(own, "home"));
            Gid gid = new Gid("resolver", home.id(), Ids.next(), 1000);
            vanished.setAutoCommit(false);
            vanished.createStatement()
                    .execute("INSERT INTO " + home.table() + " (gid, state, branches) VALUES ('" + gid.text()
                            + "', 'C', 'x')");
            assertEquals(
                    'A',
                    new Resolver(beside).decision(home, own, gid).orElseThrow().state());
            assertThrows(SQLException.class, vanished::commit);
        } finally {
            beside.shutdown();
        }
    }
}
