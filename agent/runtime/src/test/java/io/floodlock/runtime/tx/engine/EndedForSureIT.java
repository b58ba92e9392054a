package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.recovery.RecoveryTiming;
import io.floodlock.testkit.Await;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A connection whose transaction has not ended for certain is aborted: setting its commit mode, or closing it, could commit. */
class EndedForSureIT {

    private final Executor pool = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    /** Null lets the executor work. */
    private volatile Supplier<Throwable> refusal;

    private Transactions engine;
    private Bank a;
    private Bank b;
    private Bank c;

    @BeforeEach
    void open() {
        engine = new Transactions(
                Settings.of(Map.of("namespace", "ended")),
                Events.NONE,
                () -> null,
                new RecoveryTiming(300, 500, 200),
                new LogLines().stallLog(),
                this::execute);
        a = Bank.pooled(engine, Servers.shared(0));
        b = Bank.pooled(engine, Servers.shared(1));
        c = Bank.pooled(engine, Servers.shared(2));
    }

    private void execute(Runnable task) {
        Supplier<Throwable> refused = refusal;
        if (refused != null) {
            EndedForSureIT.<RuntimeException>sneak(refused.get());
        }
        pool.execute(task);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @AfterEach
    void close() {
        refusal = null;
        engine.close();
        a.close();
        b.close();
        c.close();
    }

    private void assertBalances(long first, long second, long third) {
        assertEquals(List.of(first, second, third), List.of(a.balance(1), b.balance(1), c.balance(1)));
        assertEquals(0, a.prepared() + b.prepared() + c.prepared(), "prepared");
    }

    private void workEverywhere(List<Connection> held) throws SQLException {
        for (Bank bank : List.of(a, b, c)) {
            Connection connection = bank.connection();
            held.add(connection);
            Bank.add(connection, 1, -10);
        }
    }

    /** The method keeps its connections open, so that they are put back as they were, which commits what is open. */
    @Test
    void whereNoThreadCanBeHadEveryBranchIsStillRolledBack() throws Exception {
        for (Supplier<Throwable> refused : List.<Supplier<Throwable>>of(
                () -> new OutOfMemoryError("unable to create native thread"),
                () -> new RejectedExecutionException("full"))) {
            refusal = refused;
            List<Connection> held = new ArrayList<>();
            assertThrows(
                    IllegalStateException.class,
                    () -> Scopes.run(engine, () -> {
                        workEverywhere(held);
                        throw new IllegalStateException("body");
                    }));
            assertBalances(1000, 1000, 1000);
            for (Connection connection : held) {
                assertTrue(connection.getAutoCommit(), "usable again");
                connection.close();
            }
        }
        Scopes.run(engine, () -> workEverywhere(new ArrayList<>()));
        assertBalances(990, 990, 990);
    }

    /** The positive control: this is what putting a connection back does to one that was not rolled back. */
    @Test
    void settingTheCommitModeCommitsWhatIsOpen() throws Exception {
        try (Connection plain = DriverManager.getConnection(a.url())) {
            plain.setAutoCommit(false);
            Bank.add(plain, 1, -10);
            plain.setAutoCommit(true);
        }
        assertBalances(990, 1000, 1000);
    }

    /** At each step at which a driver may fail with an Error, nothing is committed that the others don't have. */
    @Test
    void anErrorInTheDriverCommitsNothingByTheWay() throws Exception {
        for (String step : List.of("rollback", "commit", "createStatement", "getAutoCommit", "setAutoCommit")) {
            for (boolean fails : new boolean[] {true, false}) {
                PGSimpleDataSource real = new PGSimpleDataSource();
                real.setUrl(b.url());
                boolean[] armed = new boolean[1];
                Woven failing = new Woven(engine, new Failing(real, step, armed));
                List<Connection> held = new ArrayList<>();
                long before = a.balance(1);
                assertEquals(before, b.balance(1), step);
                try {
                    Scopes.run(engine, () -> {
                        Connection first = a.connection();
                        Connection second = failing.getConnection();
                        held.add(first);
                        held.add(second);
                        Bank.add(first, 1, -10);
                        Bank.add(second, 1, -10);
                        armed[0] = true;
                        if (fails) {
                            throw new IllegalStateException("body");
                        }
                    });
                } catch (IllegalStateException | OutOfMemoryError | FloodlockFailure e) {
                    // either way, as long as both agree
                }
                Await.until(
                        () -> "recovery after " + step, Duration.ofSeconds(30), () -> a.prepared() + b.prepared() == 0);
                assertEquals(a.balance(1), b.balance(1), step + (fails ? " as it rolls back" : " as it commits"));
                if (fails) {
                    assertEquals(before, a.balance(1), step);
                }
                armed[0] = false;
                for (Connection connection : held) {
                    connection.close();
                }
                assertEquals(a.balance(1), b.balance(1), step + ", after close");
            }
        }
    }

    /** At every depth near the end of a stack a method that catches its overflow leaves both databases agreeing. */
    @Test
    void aFullStackTearsNothing() throws Exception {
        Thread deep = new Thread(null, () -> descend(0), "deep", 400_000);
        Scopes.run(engine, () -> {
            a.add(1, 0);
            b.add(1, 0);
        });
        deep.start();
        deep.join();
        Await.until("recovery", Duration.ofSeconds(30), () -> a.prepared() + b.prepared() == 0);
        assertEquals(a.balance(1), b.balance(1));
        // the same thread goes on to be protected
        Thread after = new Thread(null, this::failOnce, "after", 400_000);
        after.start();
        after.join();
        assertEquals(a.balance(1), b.balance(1));
    }

    private int tries;

    private int descend(int depth) {
        int deepest;
        try {
            deepest = descend(depth + 1);
        } catch (StackOverflowError e) {
            deepest = depth;
        }
        if (deepest - depth < 4_000 && (deepest - depth) % 61 == 0 && tries < 60) {
            tries++;
            failOnce();
        }
        return deepest;
    }

    private void failOnce() {
        try {
            Scopes.run(engine, () -> {
                a.add(1, -1);
                b.add(1, -1);
            });
        } catch (Throwable e) {
            // too little stack, here or there
        }
    }

    /** Hands out connections one of whose methods fails once armed. */
    private static final class Failing extends PGSimpleDataSource {

        private static final long serialVersionUID = 1L;

        private final transient PGSimpleDataSource real;
        private final String step;
        private final boolean[] armed;

        Failing(PGSimpleDataSource real, String step, boolean[] armed) {
            this.real = real;
            this.step = step;
            this.armed = armed;
            setUrl(real.getUrl());
            setUser("postgres");
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = real.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (armed[0] && method.getName().equals(step)) {
                            throw new OutOfMemoryError("injected");
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
