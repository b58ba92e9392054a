/** Writes, while the runtime is compiled, the methods that only pass a call on. */
package io.floodlock.forwarding;
