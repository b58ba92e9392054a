package io.floodlock.faults.app;

import io.floodlock.Floodlock;
import io.floodlock.LockLostException;
import io.floodlock.PessimisticLock;
import io.floodlock.SharedLock;
import java.sql.Connection;
import java.sql.SQLException;

/** Bodies under locks. */
public final class Locks {

    private Locks() {}

    /** Loads this class, so that its locks are met. */
    static void load() {}

    @PessimisticLock(key = "item:{item}", waitTime = "1s")
    static String lockBriefly(String item) {
        return "locked";
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static String lock(String item) {
        return "locked";
    }

    @SharedLock(key = "item:{item}", waitTime = "1m")
    static String share(String item) {
        return "shared";
    }

    @PessimisticLock(key = "item:{item}", waitTime = "0")
    static String lockAtOnce(String item) {
        return "locked";
    }

    /** Holds the lock until the test lets it go. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static String hold(String item, String gate) {
        Console.say("holding " + item);
        Console.waitAt(gate);
        return "held";
    }

    /** Writes under the lock, in a transaction of its own that commits when the test says so. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static String write(String item, String line, String gate) throws SQLException {
        return writeAndWait(line, gate);
    }

    /** As write, but holding the lock for half a second at most. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m", maxHold = "500ms")
    static String writeAtMost(String item, String line, String gate) throws SQLException {
        return writeAndWait(line, gate);
    }

    private static String writeAndWait(String line, String gate) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            Databases.insert(connection, line);
            Console.say("written " + line);
            Console.waitAt(gate);
            connection.commit();
            return "committed";
        }
    }

    /** Commits a line after the other under the lock until a commit is refused, and answers how many it committed. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static String writeUntilVetoed(String item, String line, String gate) throws SQLException {
        for (int written = 0; ; written++) {
            try (Connection connection = Databases.connect("one")) {
                connection.setAutoCommit(false);
                Databases.insert(connection, line);
                connection.commit();
            } catch (LockLostException e) {
                Console.say("vetoed after " + written);
                return "vetoed";
            }
            if (written == 0) {
                Console.say("writing " + line);
            }
            if (Console.isOpen(gate)) {
                return "never vetoed";
            }
        }
    }

    /** Asks for the fencing token when the test says so. */
    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static String token(String item, String gate) {
        Console.say("holding " + item);
        Console.waitAt(gate);
        try {
            Console.say("token " + Floodlock.fencingToken());
        } catch (LockLostException e) {
            Console.say("no token of a lost lock");
        }
        return "asked";
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static String exit(String item, String status) {
        Console.say("exiting");
        System.exit(Integer.parseInt(status));
        return "unreachable";
    }
}
