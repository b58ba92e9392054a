/** Names of global transactions and of their branches. */
package io.floodlock.runtime.tx.name;
