/** Threads of the agent. */
package io.floodlock.runtime.thread;
