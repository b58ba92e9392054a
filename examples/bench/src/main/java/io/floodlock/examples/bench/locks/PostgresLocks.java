package io.floodlock.examples.bench.locks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** PostgreSQL's advisory locks of a session, on a connection that each thread keeps: the least that they can cost. */
public final class PostgresLocks implements LockKind {

    private final ThreadLocal<Session> sessions;

    public PostgresLocks(Place place) {
        sessions = ThreadLocal.withInitial(() -> Session.open(place.jdbcUrl()));
    }

    @Override
    public Section exclusive(String name) {
        long key = key(name);
        return body -> {
            Session session = sessions.get();
            session.ask(session.lock, key);
            return session.run(body, session.unlock, key);
        };
    }

    @Override
    public Section shared(String name) {
        long key = key(name);
        return body -> {
            Session session = sessions.get();
            session.ask(session.lockShared, key);
            return session.run(body, session.unlockShared, key);
        };
    }

    @Override
    public Section atOnce(String name) {
        long key = key(name);
        return body -> {
            Session session = sessions.get();
            return session.ask(session.tryLock, key) && session.run(body, session.unlock, key);
        };
    }

    /** Two names of a bench don't meet in 64 bits. */
    private static long key(String name) {
        long hash = 1125899906842597L;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        return hash;
    }

    private record Session(
            PreparedStatement lock,
            PreparedStatement unlock,
            PreparedStatement lockShared,
            PreparedStatement unlockShared,
            PreparedStatement tryLock) {

        static Session open(String jdbcUrl) {
            try {
                Connection connection = DriverManager.getConnection(jdbcUrl);
                return new Session(
                        connection.prepareStatement("SELECT pg_advisory_lock(?)"),
                        connection.prepareStatement("SELECT pg_advisory_unlock(?)"),
                        connection.prepareStatement("SELECT pg_advisory_lock_shared(?)"),
                        connection.prepareStatement("SELECT pg_advisory_unlock_shared(?)"),
                        connection.prepareStatement("SELECT pg_try_advisory_lock(?)"));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean run(Runnable body, PreparedStatement unlock, long key) throws SQLException {
            try {
                body.run();
            } finally {
                ask(unlock, key);
            }
            return true;
        }

        boolean ask(PreparedStatement statement, long key) throws SQLException {
            statement.setLong(1, key);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return !"f".equals(result.getString(1));
            }
        }
    }
}
