package io.floodlock.faults.app;

import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

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

    /** Two transactions, the second on the driver's own connection and when the test says so. */
    @PessimisticLock(key = "fenced:{item}", waitTime = "1m", fenced = true)
    static String writeUnwrapped(String item, String line, String gate) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            Connection driver = (Connection) connection.unwrap(PGConnection.class);
            Databases.insert(driver, line);
            connection.commit();
            Console.say("written " + line);
            Console.waitAt(gate);
            Databases.insert(driver, line);
            connection.commit();
            return "committed";
        }
    }

    /** On the driver's own connection, which commits by itself. */
    @PessimisticLock(key = "fenced:{item}", waitTime = "1m", fenced = true)
    static String writeUnwrappedByItself(String item, String line) throws SQLException {
        try (Connection connection = Databases.connect("one")) {
            connection.setAutoCommit(false);
            Connection driver = (Connection) connection.unwrap(PGConnection.class);
            connection.setAutoCommit(true);
            Databases.insert(driver, line);
            return "written";
        }
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
