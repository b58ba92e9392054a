package io.floodlock.examples.shop;

/** The customer's bank has declined the payment. */
final class PaymentDeclined extends RuntimeException {

    PaymentDeclined(long order) {
        super("payment of order " + order + " was declined");
    }
}
