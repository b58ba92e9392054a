/** The agent's threads and pools, and checks on threads. Start at AgentThreads and BodyThreads. */
package io.floodlock.runtime.thread;
