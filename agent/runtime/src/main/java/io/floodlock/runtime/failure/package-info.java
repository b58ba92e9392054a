/** Failures inside the agent, before each becomes the public exception class that the caller's loader finds. */
package io.floodlock.runtime.failure;
