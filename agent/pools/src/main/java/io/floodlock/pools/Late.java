package io.floodlock.pools;

import io.floodlock.DistributedTx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * A program that opens one connection before its first class with annotations is loaded, and one after it. It prints
 * whether each can be used in a distributed transaction.
 */
public final class Late {

    private Late() {}

    public static void main(String[] args) throws SQLException {
        DataSource pool = Sources.hikari(args[0]);
        try (Connection before = pool.getConnection();
                Connection control = pool.getConnection()) {
            insert(control, "control");
            attempt("before", before);
            try (Connection after = Sources.hikari(args[0]).getConnection()) {
                attempt("after", after);
            }
        }
        System.exit(0);
    }

    private static void attempt(String line, Connection connection) {
        try {
            Annotated.write(connection, line);
            System.out.println(line + " written");
        } catch (Exception e) {
            System.out.println(line + " " + e);
        }
    }

    private static void insert(Connection connection, String line) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO ledger (line) VALUES ('" + line + "')");
        }
    }

    private static final class Annotated {

        @DistributedTx
        static void write(Connection connection, String line) throws SQLException {
            insert(connection, line);
        }
    }
}
