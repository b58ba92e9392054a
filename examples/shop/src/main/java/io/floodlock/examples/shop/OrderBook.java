package io.floodlock.examples.shop;

import java.sql.Timestamp;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The database of products and orders. */
@Repository
class OrderBook {

    static final String PLACED = "PLACED";
    static final String PAID = "PAID";
    static final String REFUNDED = "REFUNDED";
    static final String SOLD_OUT = "SOLD_OUT";
    static final String DECLINED = "DECLINED";

    private final JdbcTemplate db;

    OrderBook(@Qualifier("orders") JdbcTemplate db) {
        this.db = db;
    }

    boolean knows(Order order) {
        return number("SELECT count(*) FROM orders WHERE id = ?", order.id()) > 0;
    }

    void add(Order order, String state) {
        insert(order, state, "");
    }

    /** Records a declined order after its sale was rolled back. A second run finds the row and does nothing. */
    void decline(Order order) {
        insert(order, DECLINED, " ON CONFLICT DO NOTHING");
    }

    private void insert(Order order, String state, String onConflict) {
        db.update(
                "INSERT INTO orders (id, customer, product, quantity, cents, state, called_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)" + onConflict,
                order.id(),
                order.customer(),
                order.product(),
                order.quantity(),
                order.cents(),
                state,
                Timestamp.from(order.calledAt()));
    }

    /** Changes the state of an order; returns whether the order was in state {@code from}. */
    boolean move(Order order, String from, String to) {
        return db.update("UPDATE orders SET state = ? WHERE id = ? AND state = ?", to, order.id(), from) == 1;
    }

    int initialStock(int product) {
        return number("SELECT initial FROM product WHERE id = ?", product);
    }

    int stock(int product) {
        return number("SELECT stock FROM product WHERE id = ?", product);
    }

    void setStock(int product, int stock) {
        db.update("UPDATE product SET stock = ? WHERE id = ?", stock, product);
    }

    int sold(int product) {
        return number(
                "SELECT coalesce(sum(quantity), 0) FROM orders WHERE product = ? AND state IN (?, ?)",
                product,
                PLACED,
                PAID);
    }

    private int number(String query, Object... arguments) {
        return db.queryForObject(query, Integer.class, arguments);
    }
}
