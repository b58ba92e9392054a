package io.floodlock.runtime.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.Holders.Holder;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.tx.engine.Transactions;
import io.floodlock.testkit.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Fenced transactions on a pool, whose work for holders each test says, and the table that they write. */
abstract class FenceFixture {

    /** Microseconds, as tokens are; a claim of an old one is refused. */
    static final AtomicLong TOKENS = new AtomicLong(System.currentTimeMillis() * 1000);

    final Holders holders = new Holders();
    final List<String> refused = new ArrayList<>();
    Transactions engine;
    HikariDataSource pool;

    /** The URL of an empty database, the same at every call, and another by another name. */
    abstract String url(String name);

    /** Whether a transaction waits for another's row lock. */
    abstract String waiting();

    @BeforeEach
    void open() {
        engine = new Transactions(
                Settings.of(Map.of("namespace", "fence")),
                new Events() {
                    @Override
                    public void claimRefused(String name, String site) {
                        refused.add(name);
                    }
                },
                () -> holders);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url("fence"));
        config.setMaximumPoolSize(6);
        config.setMinimumIdle(0);
        pool = new HikariDataSource(config);
        beside("DROP TABLE IF EXISTS item");
        beside("CREATE TABLE item (id int PRIMARY KEY, amount int NOT NULL)");
        beside("INSERT INTO item VALUES (1, 0), (2, 0)");
    }

    @AfterEach
    void close() {
        holders.work();
        pool.close();
        engine.close();
    }

    Connection connection() throws SQLException {
        return engine.wrap(pool, HikariDataSource.class, pool.getConnection(), failure -> failure);
    }

    Connection manual() throws SQLException {
        Connection connection = connection();
        connection.setAutoCommit(false);
        return connection;
    }

    static Holder holder(String name, LockMode mode) {
        long token = TOKENS.incrementAndGet();
        return new Holder(name, mode, token, "session." + token);
    }

    static Holder exclusive(String name) {
        return holder(name, LockMode.EXCLUSIVE);
    }

    static Holder shared(String name, Holder... same) {
        return same.length == 0
                ? holder(name, LockMode.SHARED)
                : new Holder(name, LockMode.SHARED, same[0].token(), same[0].owner());
    }

    static void set(Connection connection, int id, int amount) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE item SET amount = " + amount + " WHERE id = " + id);
        }
    }

    static int get(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT amount FROM item WHERE id = " + id)) {
            row.next();
            return row.getInt(1);
        }
    }

    void beside(String sql) {
        try (Connection connection = DriverManager.getConnection(url("fence"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long number(String sql) {
        try (Connection connection = DriverManager.getConnection(url("fence"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    int stored(int id) {
        return (int) number("SELECT amount FROM item WHERE id = " + id);
    }

    FloodlockFailure failure(Failure kind, Work work) {
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, work::run);
        assertEquals(kind, failure.kind(), failure.getMessage());
        return failure;
    }

    interface Work {
        void run() throws Exception;
    }

    /** On a thread of its own, for that holder. */
    CompletableFuture<Void> async(Holder holder, Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        new Thread(() -> {
                    holders.work(holder);
                    try {
                        work.run();
                        done.complete(null);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                })
                .start();
        return done;
    }

    /** Fails at once where the other side has ended instead. */
    void awaitBlocked(CompletableFuture<Void> other) throws Exception {
        Await.until("a claim waits", Duration.ofSeconds(20), () -> number(waiting()) > 0 || other.isDone());
        if (other.isDone()) {
            other.get();
            throw new AssertionError("it did not wait");
        }
    }

    /** In a transaction of its own, for whom this thread works. */
    void write(int id, int amount) throws SQLException {
        try (Connection connection = manual()) {
            set(connection, id, amount);
            connection.commit();
        }
    }

    /** This thread works for that holder from here on. */
    void write(Holder holder, int id, int amount) throws SQLException {
        holders.work(holder);
        write(id, amount);
    }

    /** Begins it on a thread of its own, and returns when its claim waits. */
    CompletableFuture<Void> blockedWrite(Holder holder, int id, int amount) throws Exception {
        CompletableFuture<Void> next = async(holder, () -> write(id, amount));
        awaitBlocked(next);
        return next;
    }

    /** This thread works for that holder from here on. */
    void assertRefused(Holder late, int id, int amount) throws SQLException {
        holders.work(late);
        try (Connection connection = manual()) {
            failure(Failure.STALE_LOCK, () -> set(connection, id, amount));
        }
    }
}
