/** The names of global transactions and of their branches. Begin with {@code Gid}; {@code Ids} makes the ids in it. */
package io.floodlock.runtime.tx.name;
