/**
 * The agent's own SLF4J provider and log targets, separate from the application's logging. Start at {@code AgentLog},
 * then {@code LogTarget}.
 */
package io.floodlock.weaver.log;
