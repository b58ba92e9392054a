package io.floodlock.examples.shop;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import org.springframework.stereotype.Service;

/**
 * The entry point of the shop. The calls of a customer are stored and run in their order, one at a time. The stock of
 * a product is changed by one sale at a time, among all JVMs. An order and its payment are written to two databases,
 * both or neither.
 *
 * <p>A customer may send an order twice, and {@link #place} runs at least once, so these methods first check whether
 * the order has been handled. The others run exactly once, in a transaction that records the call.
 */
@Service
public class Desk {

    private final OrderBook orders;
    private final PaymentBook payments;
    private final Books books;
    private final Tally tally;

    Desk(OrderBook orders, PaymentBook payments, Books books, Tally tally) {
        this.orders = orders;
        this.payments = payments;
        this.books = books;
        this.tally = tally;
    }

    @Queued(queue = "orders", name = "place", key = "customer:{order.customer}")
    public void place(Order order) {
        tally.ran();
        try {
            sell(order);
        } catch (PaymentDeclined e) {
            orders.decline(order);
        }
    }

    @PessimisticLock(key = "product:{order.product}")
    @DistributedTx
    void sell(Order order) {
        if (orders.knows(order)) {
            return;
        }
        int stock = orders.stock(order.product());
        if (stock < order.quantity()) {
            orders.add(order, OrderBook.SOLD_OUT);
            return;
        }
        orders.setStock(order.product(), stock - order.quantity());
        orders.add(order, OrderBook.PLACED);
        payments.authorise(order);
        books.enter(order);
    }

    @Queued(queue = "orders", name = "pay", key = "customer:{order.customer}")
    @DistributedTx
    public void pay(Order order) {
        tally.ran();
        if (orders.move(order, OrderBook.PLACED, OrderBook.PAID)) {
            payments.move(order, PaymentBook.AUTHORISED, PaymentBook.CAPTURED);
        }
    }

    @Queued(queue = "orders", name = "refund", key = "customer:{order.customer}")
    @PessimisticLock(key = "product:{order.product}")
    @DistributedTx
    public void refund(Order order) {
        tally.ran();
        if (orders.move(order, OrderBook.PAID, OrderBook.REFUNDED)) {
            payments.move(order, PaymentBook.CAPTURED, PaymentBook.REFUNDED);
            orders.setStock(order.product(), orders.stock(order.product()) + order.quantity());
        }
    }

    /** Reads at the same time as other reports, but never during a sale. */
    @SharedLock(key = "product:{product}")
    public Stock report(int product) {
        return new Stock(orders.initialStock(product), orders.stock(product), orders.sold(product));
    }
}
