package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import java.util.List;
import java.util.Map;

/** Keys that can't be built. No body may run. */
public final class Keys {

    private Keys() {}

    record Customer(String name) {}

    record Order(Customer customer, Object reference) {}

    static void nullOnTheWay() {
        byCustomer(new Order(null, 1));
    }

    static void nullAtTheEnd() {
        byCustomer(new Order(new Customer(null), 1));
    }

    @PessimisticLock(key = "order:{order.customer.name}")
    private static void byCustomer(Order order) {
        Console.say("ran");
    }

    static void arrayInAnObject() {
        byReference(new Order(null, new String[] {"a"}));
    }

    static void identityText() {
        byReference(new Order(null, new Object()));
    }

    @PessimisticLock(key = "order:{order.reference}")
    private static void byReference(Order order) {
        Console.say("ran");
    }

    static void missingStep() {
        byMissingStep(List.of(new Order(null, 1)));
    }

    /** What a wildcard stands for is not read from class files. */
    @PessimisticLock(key = "order:{orders[0].colour}")
    private static void byMissingStep(List<? extends Order> orders) {
        Console.say("ran");
    }

    static void missingElement() {
        byElement(List.of(Map.of("sku", "a")));
    }

    @PessimisticLock(key = "order:{items[3].sku}")
    private static void byElement(List<Map<String, String>> items) {
        Console.say("ran");
    }
}
