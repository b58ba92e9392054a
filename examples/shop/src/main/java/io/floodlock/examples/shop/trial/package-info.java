/** Tests the shop: starts its servers and JVMs, sends orders, and audits both databases by SQL. */
package io.floodlock.examples.shop.trial;
