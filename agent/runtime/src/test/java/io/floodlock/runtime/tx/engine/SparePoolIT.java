package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.tx.recovery.RecoveryTiming;
import io.floodlock.testkit.Await;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A pool that tells no credentials, has one connection to spare and waits for ever, as Agroal does by default. Recovery takes
 * the spare connection, and does not begin to use it before a transaction waits for it.
 */
class SparePoolIT {

    private static final int SIZE = 2;

    private final Semaphore free = new Semaphore(SIZE);
    private final AtomicInteger givenBackByAgent = new AtomicInteger();
    private final AtomicBoolean recoveryWaits = new AtomicBoolean();
    private Transactions engine;
    private Bank bank;
    private DataSource pool;

    @BeforeEach
    void open() {
        engine =
                new Transactions(Settings.of(Map.of()), Events.NONE, () -> null, new RecoveryTiming(100, 5_000, 3_000));
        bank = Bank.simple(engine, Servers.database());
        PGSimpleDataSource real = new PGSimpleDataSource();
        real.setUrl(bank.url());
        pool = new Woven(engine, pool(real));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void theFirstMeetingOfADatabaseAndASweepNeverWaitForEachOther() {
        recoveryWaits.set(true);
        assertTimeoutPreemptively(Duration.ofSeconds(30), this::addTen);
        assertEquals(1_010, bank.balance(1));
    }

    @Test
    void theCreationOfTheTableAndASweepNeverWaitForEachOther() throws Exception {
        engine.recover();
        try (Connection connection = pool.getConnection()) {
            connection.getMetaData();
        }
        Await.until("recovery knows the database", Duration.ofSeconds(20), () -> givenBackByAgent.get() > 0);
        recoveryWaits.set(true);
        assertTimeoutPreemptively(Duration.ofSeconds(30), this::addTen);
        assertEquals(1_010, bank.balance(1));
        assertEquals(1, bank.number("SELECT count(*) FROM floodlock_tx"));
    }

    private void addTen() throws Exception {
        Scopes.run(engine, () -> {
            try (Connection connection = pool.getConnection()) {
                Await.until(
                        "recovery has the spare connection",
                        Duration.ofSeconds(20),
                        () -> free.availablePermits() == 0);
                Bank.add(connection, 1, 10);
            }
        });
    }

    private DataSource pool(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    if (method.getName().equals("getConnection")) {
                        free.acquire();
                        return connection(real.getConnection());
                    }
                    return method.getName().equals("equals") ? (Object) (self == args[0]) : method.invoke(real, args);
                });
    }

    private Connection connection(Connection real) {
        boolean agents = Thread.currentThread().getName().startsWith("floodlock-tx-");
        AtomicBoolean closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                    if (agents && recoveryWaits.get() && method.getName().equals("getMetaData")) {
                        Await.until(
                                "a transaction waits for the connection",
                                Duration.ofSeconds(20),
                                free::hasQueuedThreads);
                        recoveryWaits.set(false);
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (method.getName().equals("close") && !closed.getAndSet(true)) {
                            if (agents) {
                                givenBackByAgent.incrementAndGet();
                            }
                            free.release();
                        }
                    }
                });
    }
}
