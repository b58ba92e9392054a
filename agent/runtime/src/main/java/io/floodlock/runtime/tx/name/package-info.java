/** The names of global transactions and of their branches. Start at Gid. */
package io.floodlock.runtime.tx.name;
