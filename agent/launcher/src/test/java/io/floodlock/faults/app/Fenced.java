package io.floodlock.faults.app;

import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import java.sql.Connection;
import java.sql.SQLException;

/** Bodies whose writes a database compares with those of other holders. */
public final class Fenced {

    private Fenced() {}

    /** Answers its token. */
    @PessimisticLock(key = "fenced:{item}", waitTime = "1m", fenced = true)
    static String write(String item, String line) throws SQLException {
        Databases.write("one", line);
        return String.valueOf(Floodlock.fencingToken());
    }

    /** Commits when the test says so. */
    @PessimisticLock(key = "fenced:{item}", waitTime = "1m", fenced = true)
    static String writeAndWait(String item, String line, String gate) throws SQLException {
        return inTransaction(line, gate);
    }

    /** The same under a lock alone. */
    @PessimisticLock(key = "fenced:{item}", waitTime = "1m")
    static String writeAndWaitUnfenced(String item, String line, String gate) throws SQLException {
        return inTransaction(line, gate);
    }

    private static String inTransaction(String line, String gate) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            Databases.insert(connection, line);
            Console.say("written " + line);
            Console.waitAt(gate);
            connection.commit();
            return "committed";
        }
    }
}
