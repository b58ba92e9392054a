/** Locks among JVMs: names, local arbitration, grants, deadlines. */
package io.floodlock.runtime.lock;
