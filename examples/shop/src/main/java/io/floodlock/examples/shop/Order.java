package io.floodlock.examples.shop;

import java.time.Instant;

/**
 * What a customer asks for.
 *
 * @param id unique, given by the customer's side, so that an order that is sent twice is one order
 */
public record Order(long id, int customer, int product, int quantity, long cents, Instant calledAt) {}
