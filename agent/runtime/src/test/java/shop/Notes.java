package shop;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import javax.sql.DataSource;

/** An application's own code, which refusals are to name. */
public final class Notes {

    private Notes() {}

    public static Connection take(DataSource source) throws SQLException {
        return source.getConnection();
    }

    public static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    public static void write(Connection connection, String text) throws SQLException {
        run(connection, "INSERT INTO note VALUES ('" + text + "')");
    }

    public static void serializable(Connection connection) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    }

    /** Sets the one that it has. */
    public static void catalog(Connection connection) throws SQLException {
        connection.setCatalog(connection.getCatalog());
    }

    public static Savepoint savepoint(Connection connection) throws SQLException {
        return connection.setSavepoint();
    }

    public static void rollback(Connection connection, Savepoint savepoint) throws SQLException {
        connection.rollback(savepoint);
    }

    public static void schema(Connection connection, String schema) throws SQLException {
        connection.setSchema(schema);
    }
}
