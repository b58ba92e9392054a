package io.floodlock.examples.bench.locks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** PostgreSQL's session-level advisory locks, on one connection per thread: the lowest possible cost of such locks. */
public final class PostgresLocks implements LockKind {

    private final String jdbcUrl;
    private final ThreadLocal<Session> sessions = new ThreadLocal<>();

    public PostgresLocks(Place place) {
        jdbcUrl = place.jdbcUrl();
    }

    private Session session() throws SQLException {
        Session session = sessions.get();
        if (session == null) {
            session = Session.open(jdbcUrl);
            sessions.set(session);
        }
        return session;
    }

    @Override
    public void threadEnds() {
        Session session = sessions.get();
        sessions.remove();
        try {
            if (session != null) {
                session.connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Section exclusive(String name) {
        long key = key(name);
        return body -> {
            Session session = session();
            session.query(session.lock, key);
            return session.run(body, session.unlock, key);
        };
    }

    @Override
    public Section shared(String name) {
        long key = key(name);
        return body -> {
            Session session = session();
            session.query(session.lockShared, key);
            return session.run(body, session.unlockShared, key);
        };
    }

    @Override
    public Section atOnce(String name) {
        long key = key(name);
        return body -> {
            Session session = session();
            return session.query(session.tryLock, key) && session.run(body, session.unlock, key);
        };
    }

    /** A 64-bit hash, in which the names of a bench do not collide. */
    private static long key(String name) {
        long hash = 1125899906842597L;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        return hash;
    }

    private record Session(
            Connection connection,
            PreparedStatement lock,
            PreparedStatement unlock,
            PreparedStatement lockShared,
            PreparedStatement unlockShared,
            PreparedStatement tryLock) {

        static Session open(String jdbcUrl) throws SQLException {
            Connection connection = DriverManager.getConnection(jdbcUrl);
            return new Session(
                    connection,
                    connection.prepareStatement("SELECT pg_advisory_lock(?)"),
                    connection.prepareStatement("SELECT pg_advisory_unlock(?)"),
                    connection.prepareStatement("SELECT pg_advisory_lock_shared(?)"),
                    connection.prepareStatement("SELECT pg_advisory_unlock_shared(?)"),
                    connection.prepareStatement("SELECT pg_try_advisory_lock(?)"));
        }

        boolean run(Runnable body, PreparedStatement unlock, long key) throws SQLException {
            try {
                body.run();
            } finally {
                query(unlock, key);
            }
            return true;
        }

        boolean query(PreparedStatement statement, long key) throws SQLException {
            statement.setLong(1, key);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return !"f".equals(result.getString(1));
            }
        }
    }
}
