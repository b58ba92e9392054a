/** Turns rules into woven bytes while classes load. */
package io.floodlock.weaver;
