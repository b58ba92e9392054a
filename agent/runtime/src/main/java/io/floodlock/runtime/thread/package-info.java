/**
 * The agent's threads and pools, checks on threads, and tables and mutexes that threads share. Reading order:
 * {@code AgentThreads}, {@code AgentPool}, {@code AgentLoop}, {@code BodyThreads}, then {@code SpinMutex} and
 * {@code SlotTable}.
 */
package io.floodlock.runtime.thread;
