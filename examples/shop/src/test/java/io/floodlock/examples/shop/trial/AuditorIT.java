package io.floodlock.examples.shop.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An audit that finds nothing proves something only if it finds what is there. */
class AuditorIT {

    private static PostgresServer postgres;
    private static String orders;
    private static String payments;
    private static String books;

    @BeforeAll
    static void start() throws Exception {
        postgres = PostgresServer.start(Map.of());
        orders = postgres.createDatabase("orders");
        payments = postgres.createDatabase("payments");
        books = postgres.createDatabase("books");
        Trial.schema(books, "/books.sql");
        Trial.schema(orders, "/orders.sql");
        Trial.schema(payments, "/payments.sql");
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void oneSoundOrder() throws SQLException {
        execute(orders, "TRUNCATE orders, product", "INSERT INTO product VALUES (1, 10, 8)");
        execute(payments, "TRUNCATE payment");
        execute(books, "TRUNCATE seller.entry, market.entry");
        order(1, "PLACED");
        payment(1, "AUTHORISED");
    }

    @Test
    void findsNothingWhereAllIsWell() throws SQLException {
        assertEquals(0, audit(1).violations());
    }

    @Test
    void countsUnitsOversoldAndVanished() throws SQLException {
        execute(orders, "UPDATE product SET stock = 9");
        assertEquals(1, audit(1).oversold());
        execute(orders, "UPDATE product SET stock = 5");
        assertEquals(3, audit(1).vanished());
    }

    @Test
    void countsOrdersTornEitherWay() throws SQLException {
        execute(payments, "TRUNCATE payment");
        assertEquals(1, audit(1).torn());
        payment(1, "CAPTURED");
        assertEquals(1, audit(1).torn());
        execute(payments, "UPDATE payment SET state = 'AUTHORISED', cents = 1");
        assertEquals(1, audit(1).torn());
        execute(payments, "UPDATE payment SET cents = 999");
        payment(2, "AUTHORISED");
        assertEquals(1, audit(1).torn());
        order(2, "DECLINED");
        assertEquals(1, audit(1).torn(), "the payment of a declined order is void");
        execute(payments, "UPDATE payment SET state = 'VOIDED' WHERE order_id = 2");
        assertEquals(0, audit(1).torn());
    }

    @Test
    void countsAcknowledgedCallsWithoutEffect() throws SQLException {
        assertEquals(1, audit(1, 5).lost(), "order 5 was never written");
        order(4, "PLACED");
        assertEquals(1, audit(1, 4).lost(), "order 4 was never paid");
    }

    @Test
    void countsOrdersWrittenAndPaymentsTakenTwice() throws SQLException {
        payment(1, "AUTHORISED");
        assertEquals(1, audit(1).duplicated());
        order(1, "PLACED");
        assertEquals(2, audit(1).duplicated());
    }

    @Test
    void countsBranchesInDoubt() throws SQLException {
        execute(orders, "BEGIN", "UPDATE product SET stock = 1", "PREPARE TRANSACTION 'p'");
        assertEquals(1, audit(1).inDoubt());
        execute(orders, "ROLLBACK PREPARED 'p'");
    }

    @Test
    void countsSalesThatTenantsBooksLackAndRowsThatStrayed() throws SQLException {
        order(8, "PLACED");
        payment(8, "AUTHORISED");
        entry("seller", 8, 0, "seller", "seller");
        assertEquals(1, audit(1).torn(), "the other tenant lacks it");
        entry("market", 8, 0, "market", "market");
        assertEquals(0, audit(1).torn() + audit(1).strayed());
        for (String[] strayed :
                new String[][] {{"1", "market", "market"}, {"0", "seller", "market"}, {"0", "market", "postgres"}}) {
            execute(books, "TRUNCATE market.entry");
            entry("market", 8, Integer.parseInt(strayed[0]), strayed[1], strayed[2]);
            assertEquals(1, audit(1).strayed(), String.join(" ", strayed));
        }
        entry("market", 16, 0, "market", "market");
        assertEquals(1, audit(1).torn(), "16 was never sold");
    }

    private static void entry(String schema, long order, int region, String tenant, String writer) throws SQLException {
        execute(
                books,
                "INSERT INTO %s.entry VALUES (%d, %d, '%s', '%s')".formatted(schema, order, region, tenant, writer));
    }

    private static Audit audit(long... acknowledged) throws SQLException {
        return new Auditor(orders, payments, List.of(books))
                .audit(Set.copyOf(Arrays.stream(acknowledged).boxed().toList()));
    }

    private static void order(long id, String state) throws SQLException {
        execute(orders, "INSERT INTO orders VALUES (%d, 1, 1, 2, 999, '%s', now())".formatted(id, state));
    }

    private static void payment(long order, String state) throws SQLException {
        execute(
                payments,
                "INSERT INTO payment (order_id, cents, state) VALUES (%d, 999, '%s')".formatted(order, state));
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
