package io.floodlock.runtime.tx.database;

import io.floodlock.runtime.tx.dialect.SessionDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tests whether two connections lead to the same database, beyond what their servers state: an advisory lock held
 * through one connection must be refused through the other. The locks end with their transactions, as a session's lock
 * could stay behind in a pooler. The answer is kept for each pair of endpoints. Whether the two sessions are alike is
 * another question, which {@code Enlister} compares each time. Thread-safe.
 */
public final class JoinTest {

    private final Map<Pair, Boolean> known = new ConcurrentHashMap<>();

    /**
     * @param inTransaction carries the transaction already
     * @param idle has no open transaction, neither before nor after
     */
    public boolean passes(Database first, Connection inTransaction, Database second, Connection idle)
            throws SQLException {
        if (first == second) {
            return true;
        }
        if (!first.id().equals(second.id())) {
            return false;
        }
        Pair pair = new Pair(first, second);
        Boolean answer = known.get(pair);
        if (answer == null) {
            answer = test(first.dialect().sessions(), inTransaction, idle);
            known.put(pair, answer);
        }
        return answer;
    }

    private static boolean test(SessionDialect sessions, Connection inTransaction, Connection idle)
            throws SQLException {
        boolean autoCommit = idle.getAutoCommit();
        idle.setAutoCommit(false);
        try {
            long key = ThreadLocalRandom.current().nextLong();
            return sessions.tryLock(inTransaction, key) && !sessions.tryLock(idle, key);
        } finally {
            idle.rollback();
            idle.setAutoCommit(autoCommit);
        }
    }

    private record Pair(Database first, Database second) {}
}
