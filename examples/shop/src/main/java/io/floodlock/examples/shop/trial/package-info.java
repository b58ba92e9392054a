/** Puts the shop to the test: starts its servers and JVMs, sends customers, and audits both databases by SQL. */
package io.floodlock.examples.shop.trial;
