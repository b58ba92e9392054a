package io.floodlock.launcher.app;

import io.floodlock.DistributedTx;
import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import java.util.function.Function;

/** A program with every way to call an annotated method. */
public class Shop implements Function<String, String> {

    private final int number;

    public Shop() {
        this(1);
    }

    Shop(int number) {
        this.number = number;
    }

    public static void main(String[] args) {
        Floodlock.requireAgent();
        Shop shop = new Special();
        shop.place(42L);
        shop.selfCalls();
        shop.last();
        total(1, 2);
        Function<String, String> bridged = shop;
        bridged.apply("bridged");
        shop.store("later");
        Runnable lambda = () -> shop.place(43L);
        lambda.run();
        System.out.println(
                "token " + Floodlock.fencingToken() + Floodlock.fencingToken("a") + Floodlock.transactionId());
    }

    @PessimisticLock(key = "order:{id}")
    void place(long id) {
        System.out.println("Shop.place " + id);
    }

    void selfCalls() {
        hidden("x", 2.0);
    }

    @SharedLock(key = "a")
    private void hidden(String text, double amount) {
        System.out.println("Shop.hidden " + text + " " + amount);
    }

    @SharedLock(key = "a")
    final void last() {
        System.out.println("Shop.last");
    }

    @DistributedTx
    static int total(int a, int b) {
        System.out.println("Shop.total");
        return a + b;
    }

    @Override
    @SharedLock(key = "{0}")
    public String apply(String text) {
        System.out.println("Shop.apply " + text);
        return text;
    }

    @Queued
    void store(String text) {
        System.out.println("Shop.store " + text + " " + number);
    }

    /** Overrides an annotated method and calls it. */
    static class Special extends Shop {

        @Override
        @PessimisticLock(key = "special:{id}")
        void place(long id) {
            System.out.println("Special.place " + id);
            super.place(id);
        }
    }
}
