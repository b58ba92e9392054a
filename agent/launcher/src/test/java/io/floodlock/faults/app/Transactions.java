package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import java.sql.Connection;
import java.sql.SQLException;

/** Bodies that write databases "one" and "two". */
public final class Transactions {

    private Transactions() {}

    @DistributedTx
    static String both(String line) throws SQLException {
        return writeBoth(line);
    }

    private static String writeBoth(String line) throws SQLException {
        Databases.write("one", line);
        Databases.write("two", line);
        return "written";
    }

    @DistributedTx
    static String only(String database, String line) throws SQLException {
        Databases.write(database, line);
        return "written";
    }

    /** As people write it without the agent: two connections, two commits. */
    @DistributedTx(timeout = "3s")
    static String transfer(String line) throws SQLException {
        try (Connection one = Databases.connect("one");
                Connection two = Databases.connect("two")) {
            one.setAutoCommit(false);
            two.setAutoCommit(false);
            Databases.insert(one, line);
            Databases.insert(two, line);
            one.commit();
            two.commit();
        }
        return "transferred";
    }

    /** Has written both, and waits before it returns. */
    @PessimisticLock(key = "item:{line}")
    @DistributedTx
    static String bothHeld(String line, String gate) throws SQLException {
        writeBoth(line);
        Console.say("written " + line);
        Console.waitAt(gate);
        return "written";
    }

    @PessimisticLock(key = "exit")
    @DistributedTx
    static String exit(String line, String status) throws SQLException {
        writeBoth(line);
        Console.say("exiting");
        System.exit(Integer.parseInt(status));
        return "unreachable";
    }
}
