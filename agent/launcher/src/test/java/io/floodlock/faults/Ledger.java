package io.floodlock.faults;

import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A database with a table {@code ledger}, which the applications under test write and the tests read.
 *
 * @param url as its superuser
 */
public record Ledger(String url) {

    public static Ledger create(PostgresServer server, String name) {
        Ledger ledger = new Ledger(server.createDatabase(name));
        ledger.execute("CREATE TABLE ledger (id BIGINT GENERATED ALWAYS AS IDENTITY, line TEXT NOT NULL)");
        return ledger;
    }

    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** How often the ledger holds that line. */
    public long count(String line) {
        return query("SELECT line FROM ledger WHERE line = '" + line + "'").size();
    }

    /** Branches that are prepared and neither committed nor rolled back. */
    public List<String> prepared() {
        return query("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()");
    }

    /** The first column. */
    public List<String> query(String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
