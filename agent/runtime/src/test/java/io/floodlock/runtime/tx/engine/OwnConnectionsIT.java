package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.fence.ManagedPool;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A pool with nothing to spare still lets recovery in, with the pool's own credentials. */
class OwnConnectionsIT {

    @Test
    void besideAPoolThatIsEmpty() throws Exception {
        String url = Servers.shared(0);
        HikariConfig byUrl = new HikariConfig();
        byUrl.setJdbcUrl(url.substring(0, url.indexOf('?')));
        byUrl.setUsername("postgres");
        HikariConfig byClass = new HikariConfig();
        byClass.setDataSourceClassName(PGSimpleDataSource.class.getName());
        byClass.addDataSourceProperty("url", url);
        HikariConfig bySource = new HikariConfig();
        PGSimpleDataSource driver = new PGSimpleDataSource();
        driver.setUrl(url);
        bySource.setDataSource(driver);
        for (HikariConfig config : new HikariConfig[] {byUrl, byClass, bySource}) {
            config.setMaximumPoolSize(1);
            config.setConnectionTimeout(250);
            try (HikariDataSource pool = new HikariDataSource(config);
                    Connection taken = pool.getConnection();
                    Connection own = OwnConnections.open(pool)) {
                assertTrue(taken.isValid(1));
                assertEquals("postgres", own.getMetaData().getUserName());
                assertEquals(1, pool.getHikariPoolMXBean().getTotalConnections());
            }
        }
    }

    /** A pool that takes part in JTA hands out what belongs to the thread's transaction, which can't be committed. */
    @Test
    void outsideTheTransactionThatAPoolTakesPartIn() throws Exception {
        String url = Servers.shared(0);
        try (ManagedPool pool = ManagedPool.of(url.substring(0, url.indexOf('?')));
                Connection taken = pool.source().getConnection()) {
            assertThrows(SQLException.class, () -> taken.setAutoCommit(true));
            try (Connection own = OwnConnections.open(pool.source())) {
                own.setAutoCommit(true);
                assertEquals("postgres", own.getMetaData().getUserName());
            }
        }
    }
}
