/** Turns rules into woven bytes while classes load. Start at {@code Weaver}, then {@code ClassWeaver}. */
package io.floodlock.weaver;
