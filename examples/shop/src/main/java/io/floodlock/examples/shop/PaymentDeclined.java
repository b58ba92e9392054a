package io.floodlock.examples.shop;

/** The customer's bank said no. */
final class PaymentDeclined extends RuntimeException {

    PaymentDeclined(long order) {
        super("payment of order " + order + " was declined");
    }
}
