package io.floodlock.examples.shop;

import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The database of payments, on a separate server. */
@Repository
class PaymentBook {

    static final String AUTHORISED = "AUTHORISED";
    static final String CAPTURED = "CAPTURED";
    static final String REFUNDED = "REFUNDED";
    static final String VOIDED = "VOIDED";

    /** The bank declines to pay every order whose number modulo 100 is less than this, for every customer. */
    private static final int DECLINED_OF_HUNDRED = 10;

    private final JdbcTemplate db;

    PaymentBook(@Qualifier("payments") JdbcTemplate db) {
        this.db = db;
    }

    void authorise(List<Order> orders) {
        db.batchUpdate(
                "INSERT INTO payment (order_id, cents, state) VALUES (?, ?, ?)",
                orders.stream()
                        .map(order -> new Object[] {order.id(), order.cents(), AUTHORISED})
                        .toList());
    }

    void capture(Order order) {
        if (order.id() % 100 < DECLINED_OF_HUNDRED) {
            throw new PaymentDeclined(order.id());
        }
        move(order, AUTHORISED, CAPTURED);
    }

    void move(Order order, String from, String to) {
        db.update("UPDATE payment SET state = ? WHERE order_id = ? AND state = ?", to, order.id(), from);
    }
}
