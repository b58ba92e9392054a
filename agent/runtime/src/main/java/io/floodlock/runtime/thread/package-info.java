/**
 * The agent's threads and pools, checks on threads, and what threads share without locks. Start at AgentThreads and
 * BodyThreads.
 */
package io.floodlock.runtime.thread;
