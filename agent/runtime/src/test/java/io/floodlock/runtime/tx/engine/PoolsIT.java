package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DataSources over DataSources, each of them woven: one acts. */
class PoolsIT {

    private Transactions engine;
    private Bank a;
    private Bank b;

    @BeforeEach
    void open() {
        engine = new Transactions(Settings.of(Map.of()), Events.NONE, () -> null);
        a = Bank.simple(engine, Servers.shared(0));
        b = Bank.simple(engine, Servers.shared(1));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void transferThrough(DataSource over) throws Exception {
        for (int i = 0; i < 2; i++) {
            Scopes.run(engine, () -> {
                b.add(1, 10);
                try (Connection connection = over.getConnection()) {
                    Bank.add(connection, 1, -10);
                }
            });
        }
        assertEquals(980, a.balance(1));
        assertEquals(1020, b.balance(1));
        assertEquals(0, a.prepared() + b.prepared());
    }

    /** The pool fills itself from a woven DataSource, and tests each connection with SQL. */
    @Test
    void aPoolOverADriversDataSource() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(a.source());
        config.setConnectionTestQuery("SELECT 1");
        config.setConnectionInitSql("SELECT 2");
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            transferThrough(new Woven(engine, pool));
        }
    }

    /** As p6spy and lazy proxies do. */
    @Test
    void aProxyOverAPool() throws Exception {
        DataSource inner = a.source();
        DataSource proxying = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    if (method.getName().equals("getConnection")) {
                        return connectionProxy(inner.getConnection());
                    }
                    if (method.getName().equals("hashCode")) {
                        return 1;
                    }
                    return method.getName().equals("equals") ? (Object) (self == args[0]) : method.invoke(inner, args);
                });
        transferThrough(new Woven(engine, proxying));
    }

    private Connection connectionProxy(Connection inner) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                    try {
                        return method.invoke(inner, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** As routing DataSources do. */
    @Test
    void aRouterOverAPool() throws Exception {
        DataSource inner = a.source();
        transferThrough(new Woven(engine, new Woven(engine, inner)));
    }
}
