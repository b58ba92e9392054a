package io.floodlock.examples.shop.trial;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the databases and compares them with each other and with the acknowledged calls. Not thread-safe. */
final class Auditor {

    private static final String DRIFT = "SELECT coalesce(sum(greatest(0, %s)), 0) FROM (SELECT initial, stock,"
            + " (SELECT coalesce(sum(quantity), 0) FROM orders WHERE product = product.id"
            + " AND state IN ('PLACED', 'PAID')) AS sold FROM product) AS balance";

    private final String ordersUrl;
    private final String paymentsUrl;
    private final List<String> booksUrls;

    /** @param booksUrls the URLs of the regions' books, in the order of the regions; empty if no books are kept */
    Auditor(String ordersUrl, String paymentsUrl, List<String> booksUrls) {
        this.ordersUrl = ordersUrl;
        this.paymentsUrl = paymentsUrl;
        this.booksUrls = booksUrls;
    }

    /** An order's state and amount in one of the databases. */
    private record Entry(String state, long cents) {}

    /** The number of orders written so far, in any state. */
    long rows() throws SQLException {
        try (Connection orders = DriverManager.getConnection(ordersUrl)) {
            return number(orders, "SELECT count(*) FROM orders");
        }
    }

    Audit audit(Set<Long> acknowledged) throws SQLException {
        try (Connection orders = DriverManager.getConnection(ordersUrl);
                Connection payments = DriverManager.getConnection(paymentsUrl)) {
            Map<Long, Entry> ordered = entries(orders, "SELECT id, max(state), max(cents) FROM orders GROUP BY 1");
            Map<Long, Entry> charged =
                    entries(payments, "SELECT order_id, max(state), max(cents) FROM payment GROUP BY 1");
            BookAudit books = BookAudit.of(booksUrls, sold(ordered));
            long soldOut = count(ordered.values(), "SOLD_OUT");
            long declined = count(ordered.values(), "DECLINED");
            long paid = count(ordered.values(), "PAID");
            long refunded = count(ordered.values(), "REFUNDED");
            return new Audit(
                    number(orders, DRIFT.formatted("sold + stock - initial")),
                    number(orders, DRIFT.formatted("initial - stock - sold")),
                    torn(ordered, charged) + books.torn(),
                    acknowledged.stream()
                            .filter(id -> isLost(id, ordered.get(id)))
                            .count(),
                    number(orders, "SELECT count(*) - count(DISTINCT id) FROM orders")
                            + number(payments, "SELECT count(*) - count(DISTINCT order_id) FROM payment"),
                    books.strayed(),
                    inDoubt(orders) + inDoubt(payments) + books.inDoubt(),
                    ordered.size(),
                    soldOut,
                    declined,
                    paid,
                    refunded,
                    number(orders, "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"),
                    new double[] {runMillis(orders, 0.5), runMillis(orders, 0.99)});
        }
    }

    private static long torn(Map<Long, Entry> ordered, Map<Long, Entry> charged) {
        Set<Long> ids = new TreeSet<>(ordered.keySet());
        ids.addAll(charged.keySet());
        return ids.stream()
                .filter(id -> !Objects.equals(expectedPayment(ordered.get(id)), charged.get(id)))
                .count();
    }

    private static Set<Long> sold(Map<Long, Entry> ordered) {
        return ordered.keySet().stream()
                .filter(id -> expectedPayment(ordered.get(id)) != null)
                .collect(Collectors.toSet());
    }

    private static Entry expectedPayment(Entry order) {
        if (order == null) {
            return null;
        }
        return switch (order.state()) {
            case "PLACED" -> new Entry("AUTHORISED", order.cents());
            case "PAID" -> new Entry("CAPTURED", order.cents());
            case "DECLINED" -> new Entry("VOIDED", order.cents());
            case "REFUNDED" -> new Entry("REFUNDED", order.cents());
            default -> null;
        };
    }

    /** Whether one of the order's calls, all of which are acknowledged, had no effect. */
    private static boolean isLost(long id, Entry order) {
        return order == null
                || order.state().equals("PLACED") && Customer.pays(id)
                || order.state().equals("PAID") && Customer.returns(id);
    }

    private static long count(Collection<Entry> entries, String state) {
        return entries.stream().filter(entry -> entry.state().equals(state)).count();
    }

    private static long inDoubt(Connection database) throws SQLException {
        return number(database, "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()");
    }

    private static double runMillis(Connection orders, double share) throws SQLException {
        return number(
                        orders,
                        "SELECT coalesce(1e6 * extract(epoch FROM percentile_cont(" + share
                                + ") WITHIN GROUP (ORDER BY ran_at - called_at)), 0)::bigint FROM orders")
                / 1000.0;
    }

    private static long number(Connection database, String query) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Map<Long, Entry> entries(Connection database, String query) throws SQLException {
        Map<Long, Entry> entries = new HashMap<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                entries.put(rows.getLong(1), new Entry(rows.getString(2), rows.getLong(3)));
            }
        }
        return entries;
    }
}
