package io.floodlock.examples.shop;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

/**
 * The entry point of the shop. The calls of a product are stored and run in their order, one at a time. An order and
 * its payment are written to two databases, both or neither. A report is never read in the middle of a sale.
 *
 * <p>{@link #place} and {@link #refund} run exactly once, in a transaction that records the call. {@link #pay} has two
 * transactions, so it runs at least once, and the state of the order shows what was done before.
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

    /** A customer who had no answer places the order again; it is stored once. */
    @Queued(
            queue = "orders",
            name = "place",
            key = "product:{order.product}",
            dedup = "place:{order.id}",
            batch = "placeAll",
            batchSize = 500)
    @DistributedTx
    public void place(Order order) {
        placeAll(List.of(order));
    }

    /** The orders that have gathered, in one transaction: a product that everybody wants costs one update for all. */
    @PessimisticLock(key = "product:{wanted[*].product}")
    void placeAll(List<Order> wanted) {
        tally.ran(wanted.size());
        Map<Integer, List<Order>> byProduct =
                wanted.stream().collect(Collectors.groupingBy(Order::product, TreeMap::new, Collectors.toList()));
        byProduct.forEach(this::sell);
    }

    private void sell(int product, List<Order> wanted) {
        int stock = orders.stock(product);
        List<Order> sold = new ArrayList<>();
        List<Order> soldOut = new ArrayList<>();
        for (Order order : wanted) {
            if (order.quantity() <= stock) {
                stock -= order.quantity();
                sold.add(order);
            } else {
                soldOut.add(order);
            }
        }
        orders.setStock(product, stock);
        orders.add(sold, OrderBook.PLACED);
        orders.add(soldOut, OrderBook.SOLD_OUT);
        payments.authorise(sold);
        sold.forEach(books::enter);
    }

    @Queued(queue = "orders", name = "pay", key = "product:{order.product}")
    public void pay(Order order) {
        tally.ran(1);
        try {
            capture(order);
        } catch (PaymentDeclined e) {
            cancel(order);
        }
    }

    @DistributedTx
    void capture(Order order) {
        if (orders.move(order, OrderBook.PLACED, OrderBook.PAID)) {
            payments.capture(order);
        }
    }

    @PessimisticLock(key = "product:{order.product}")
    @DistributedTx
    void cancel(Order order) {
        if (orders.move(order, OrderBook.PLACED, OrderBook.DECLINED)) {
            payments.move(order, PaymentBook.AUTHORISED, PaymentBook.VOIDED);
            orders.setStock(order.product(), orders.stock(order.product()) + order.quantity());
        }
    }

    @Queued(queue = "orders", name = "refund", key = "product:{order.product}")
    @PessimisticLock(key = "product:{order.product}")
    @DistributedTx
    public void refund(Order order) {
        tally.ran(1);
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
