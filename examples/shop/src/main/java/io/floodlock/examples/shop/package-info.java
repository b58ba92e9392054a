/**
 * A shop on Spring Boot: the code that a user of Floodlock writes. Start with
 * {@link io.floodlock.examples.shop.Desk}.
 */
package io.floodlock.examples.shop;
