package io.floodlock.examples.shop;

import java.sql.Timestamp;
import java.util.List;
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

    void add(List<Order> orders, String state) {
        db.batchUpdate(
                "INSERT INTO orders (id, customer, product, quantity, cents, state, called_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                orders.stream()
                        .map(order -> new Object[] {
                            order.id(),
                            order.customer(),
                            order.product(),
                            order.quantity(),
                            order.cents(),
                            state,
                            Timestamp.from(order.calledAt())
                        })
                        .toList());
    }

    /** Changes the state of an order; returns whether the order was in state {@code from}. */
    boolean move(Order order, String from, String to) {
        return db.update("UPDATE orders SET state = ? WHERE id = ? AND state = ?", to, order.id(), from) > 0;
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
