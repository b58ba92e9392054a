/** A shop on Spring Boot: what a user of Floodlock writes. {@link io.floodlock.examples.shop.Desk} is where to begin. */
package io.floodlock.examples.shop;
