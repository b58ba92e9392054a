/** Turns rules into woven bytes while classes load. Start at Weaver, then ClassWeaver. */
package io.floodlock.weaver;
