package io.floodlock.examples.shop.trial;

import io.floodlock.examples.shop.Order;
import java.time.Instant;

/** The wishes of the customer with an order number. They depend on the number alone, so that a trial can be audited. */
final class Customer {

    private static final int CUSTOMERS = 1_000;

    private Customer() {}

    static Order order(long id, int products) {
        // multiplicative hashing spreads neighboring numbers over all customers and products
        int spread = (int) ((id * 0x9E3779B97F4A7C15L) >>> 33);
        int quantity = 1 + (int) (id % 3);
        return new Order(
                id, spread % CUSTOMERS, spread / CUSTOMERS % products, quantity, 999L * quantity, Instant.now());
    }

    static boolean pays(long id) {
        return id % 4 == 0;
    }

    /** Only paid orders are returned. */
    static boolean returns(long id) {
        return id % 16 == 0;
    }

    static boolean requestsReport(long id) {
        return id % 10 == 5;
    }

    /** The number of queued calls of the order. */
    static int calls(long id) {
        return 1 + (pays(id) ? 1 : 0) + (returns(id) ? 1 : 0);
    }
}
