package io.floodlock.runtime.tool;

import io.floodlock.runtime.fence.FenceTable;
import io.floodlock.runtime.queue.inbox.InboxTables;
import io.floodlock.runtime.queue.outbox.OutboxTables;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements that create Floodlock's tables, the same that the agent itself would run. The {@code ddl} command
 * prints them.
 */
public final class Ddl {

    private Ddl() {}

    /**
     * The statements to run as the owner of the application's schema, one per element. They change nothing if the
     * tables exist.
     *
     * @param product {@code postgresql}, {@code mysql} or {@code mariadb}
     * @throws IllegalArgumentException for any other product
     */
    public static List<String> statements(String product) {
        List<String> all = new ArrayList<>();
        if (product.equals("postgresql")) {
            all.addAll(DecisionTable.ddl());
            all.addAll(InboxTables.ddl(""));
            all.addAll(OutboxTables.ddl(""));
        }
        all.addAll(FenceTable.ddl(product));
        return all;
    }

    /**
     * The grants that an application's role needs on the tables.
     *
     * @param role its name in the database; in MariaDB it may have a host, {@code shop@10.0.0.%}
     */
    public static List<String> grants(String product, String role) {
        return product.equals("postgresql")
                ? List.of(
                        "GRANT SELECT, INSERT, DELETE ON " + DecisionTable.NAME + " TO " + quoted(role, '"'),
                        "GRANT SELECT, INSERT, UPDATE, DELETE ON " + String.join(", ", InboxTables.names())
                                + ", " + String.join(", ", OutboxTables.names()) + " TO "
                                + quoted(role, '"'),
                        fence(quoted(role, '"')))
                : List.of(fence(account(role)));
    }

    private static String fence(String role) {
        return "GRANT SELECT, INSERT, UPDATE, DELETE ON " + FenceTable.NAME + " TO " + role;
    }

    private static String account(String role) {
        int at = role.lastIndexOf('@');
        return at < 0
                ? quoted(role, '`') + "@`%`"
                : quoted(role.substring(0, at), '`') + "@" + quoted(role.substring(at + 1), '`');
    }

    private static String quoted(String name, char quote) {
        return quote + name.replace(String.valueOf(quote), "" + quote + quote) + quote;
    }
}
