package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.Ownership;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits under a lost lock, in a transaction of ours and outside. */
class GuardIT {

    private final Lock lock = new Lock();
    private final List<String> vetoed = new ArrayList<>();

    private Transactions engine;
    private Bank a;
    private Bank b;

    @BeforeEach
    void open() {
        Events events = new Events() {
            @Override
            public void commitVetoed(String site) {
                vetoed.add(site);
            }
        };
        engine = new Transactions(Settings.of(Map.of("namespace", "guard")), events, () -> lock);
        a = Bank.pooled(engine, Servers.shared(0));
        b = Bank.pooled(engine, Servers.shared(1));
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        engine.close();
    }

    private void assertVetoed(FloodlockFailure failure) {
        assertEquals(Failure.LOCK_LOST, failure.kind());
        assertEquals(List.of(1000L, 1000L), List.of(a.balance(1), b.balance(1)));
        assertEquals(0, a.prepared() + b.prepared());
        assertEquals(1, vetoed.size());
    }

    @Test
    void aPlainCommitIsRolledBack() throws SQLException {
        try (Connection connection = a.connection()) {
            connection.setAutoCommit(false);
            Bank.add(connection, 1, 10);
            lock.lost = true;
            assertVetoed(assertThrows(FloodlockFailure.class, connection::commit));
            assertEquals(1000, a.read(2), "a read harms nobody");
        }
    }

    @Test
    void turningAutoCommitOnCommitsToo() throws SQLException {
        try (Connection connection = a.connection()) {
            connection.setAutoCommit(false);
            Bank.add(connection, 1, 10);
            lock.lost = true;
            assertVetoed(assertThrows(FloodlockFailure.class, () -> connection.setAutoCommit(true)));
        }
    }

    /** Where the rollback fails, what applications do next, setting the commit mode, must not commit. */
    @Test
    void whatCannotBeRolledBackIsNotCommittedByWhatFollows() throws SQLException {
        java.util.concurrent.atomic.AtomicBoolean failing = new java.util.concurrent.atomic.AtomicBoolean();
        org.postgresql.ds.PGSimpleDataSource real = new org.postgresql.ds.PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                return (Connection) java.lang.reflect.Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            if (failing.get() && method.getName().equals("rollback")) {
                                throw new OutOfMemoryError("injected");
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (java.lang.reflect.InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
            }
        };
        real.setUrl(a.url());
        Connection connection = new Woven(engine, real).getConnection();
        connection.setAutoCommit(false);
        Bank.add(connection, 1, 10);
        lock.lost = true;
        failing.set(true);
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, connection::commit);
        failing.set(false);
        lock.lost = false;
        assertThrows(SQLException.class, () -> connection.setAutoCommit(true));
        connection.close();
        assertVetoed(failure);
    }

    @Test
    void aStatementThatCommitsByItselfIsRefused() {
        lock.lost = true;
        assertVetoed(assertThrows(FloodlockFailure.class, () -> a.add(1, 10)));
    }

    @Test
    void aTransactionOverTwoDatabasesIsVetoedBeforeItsDecision() {
        assertVetoed(assertThrows(
                FloodlockFailure.class,
                () -> Scopes.run(engine, () -> {
                    a.add(1, -10);
                    b.add(1, 10);
                    lock.lost = true;
                })));
    }

    @Test
    void aTransactionWithOneDatabaseToo() {
        assertVetoed(assertThrows(
                FloodlockFailure.class,
                () -> Scopes.run(engine, () -> {
                    a.add(1, -10);
                    lock.lost = true;
                })));
    }

    /** Positive control: while the lock stands, the same commits pass. */
    @Test
    void aHeldLockLetsThemPass() throws Exception {
        try (Connection connection = a.connection()) {
            connection.setAutoCommit(false);
            Bank.add(connection, 1, 10);
            connection.commit();
        }
        a.add(1, 10);
        Scopes.run(engine, () -> {
            a.add(1, -10);
            b.add(1, 10);
        });
        assertEquals(List.of(1010L, 1010L), List.of(a.balance(1), b.balance(1)));
        assertEquals(List.of(), vetoed);
    }

    /** One scope that is always open, and lost when a test says so. */
    private static final class Lock implements LockEngine, LockScope {

        private boolean lost;

        @Override
        public LockScope current() {
            return this;
        }

        @Override
        public void verifyCurrent() {
            if (lost) {
                throw Failure.LOCK_LOST.because("order:1 is lost");
            }
        }

        @Override
        public LockScope acquire(List<LockRequest> requests, LockTerms terms) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Pending acquireAgain(LockScope scope, Listener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Pending acquireAsync(List<LockRequest> requests, LockTerms terms, Listener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Entered enter() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<FenceClaim> claims() {
            return List.of();
        }

        @Override
        public Optional<Ownership> tryOwn(String name, Ownership.Listener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long token() {
            return 1;
        }

        @Override
        public long token(String name) {
            return 1;
        }

        @Override
        public void verify() {
            verifyCurrent();
        }

        @Override
        public void close() {}
    }
}
