package io.floodlock.faults.app;

import io.floodlock.FloodlockException;
import io.floodlock.PessimisticLock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Counts on in table {@code counter}: reads, and writes one more, which nobody else may do in between. */
public final class Counting {

    private static long counted;

    private Counting() {}

    /** Goes on, whatever fails, until the gate opens; answers how often a commit succeeded. */
    static String count(String item, String gate) throws SQLException {
        while (!Console.isOpen(gate)) {
            try {
                next(item);
            } catch (FloodlockException e) {
                // of a lock that is lost, late or out of reach: again
            }
        }
        return counted();
    }

    static synchronized String counted() {
        return String.valueOf(counted);
    }

    /** Waits until it has counted on by that much. */
    static synchronized void awaitProgress(String steps) throws InterruptedException {
        long wanted = counted + Long.parseLong(steps);
        while (counted < wanted) {
            Counting.class.wait();
        }
    }

    private static synchronized void committed() {
        counted++;
        Counting.class.notifyAll();
    }

    @PessimisticLock(key = "count:{item}", waitTime = "3s", fenced = true)
    private static void next(String item) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            int n;
            try (PreparedStatement select = connection.prepareStatement("SELECT n FROM counter WHERE item = ?")) {
                select.setString(1, item);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    n = row.getInt(1);
                }
            }
            try (PreparedStatement update = connection.prepareStatement("UPDATE counter SET n = ? WHERE item = ?")) {
                update.setInt(1, n + 1);
                update.setString(2, item);
                update.executeUpdate();
            }
            connection.commit();
            committed();
        }
    }
}
