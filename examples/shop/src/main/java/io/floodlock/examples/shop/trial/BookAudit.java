package io.floodlock.examples.shop.trial;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The result of auditing the tenants' books at the end.
 *
 * @param torn sales that are missing in one of the books, or are there twice
 * @param strayed rows in the books of another tenant or region, or written under another tenant's role
 * @param inDoubt prepared transactions that have not been ended
 */
record BookAudit(long torn, long strayed, long inDoubt) {

    private static final List<String> TENANTS = List.of("seller", "market");

    /** One of this many sales is recorded. */
    private static final int EVERY = 8;

    /** @param urls the URLs of the regions, in their order; empty if no books are kept */
    static BookAudit of(List<String> urls, Set<Long> sold) throws SQLException {
        long torn = 0;
        long strayed = 0;
        long inDoubt = 0;
        for (int region = 0; region < urls.size(); region++) {
            try (Connection books = DriverManager.getConnection(urls.get(region));
                    Statement statement = books.createStatement()) {
                for (String tenant : TENANTS) {
                    torn += torn(statement, tenant, sold);
                    strayed += strayed(statement, tenant, region);
                }
                inDoubt +=
                        number(statement, "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()");
            }
        }
        return new BookAudit(torn, strayed, inDoubt);
    }

    private static long torn(Statement statement, String tenant, Set<Long> sold) throws SQLException {
        Map<Long, Integer> entered = new HashMap<>();
        try (ResultSet rows = statement.executeQuery("SELECT order_id FROM " + tenant + ".entry")) {
            while (rows.next()) {
                entered.merge(rows.getLong(1), 1, Integer::sum);
            }
        }
        Set<Long> all = new HashSet<>(sold);
        all.removeIf(id -> id % EVERY != 0);
        Set<Long> expected = Set.copyOf(all);
        all.addAll(entered.keySet());
        return all.stream()
                .filter(id -> entered.getOrDefault(id, 0) != (expected.contains(id) ? 1 : 0))
                .count();
    }

    private static long strayed(Statement statement, String tenant, int region) throws SQLException {
        String query = "SELECT count(*) FROM %1$s.entry WHERE tenant <> '%1$s' OR writer <> '%1$s' OR region <> %2$d";
        return number(statement, query.formatted(tenant, region));
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
