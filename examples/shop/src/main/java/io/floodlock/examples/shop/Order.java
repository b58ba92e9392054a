package io.floodlock.examples.shop;

import java.time.Instant;

/**
 * A request of a customer.
 *
 * @param id unique, assigned by the customer's side, so that an order that is sent twice is one order
 */
public record Order(long id, int customer, int product, int quantity, long cents, Instant calledAt) {}
