/**
 * Time as the lock engine uses it. Tests replace the clock ({@code Clock}) and the scheduler ({@code Scheduler}, run by
 * {@code AgentScheduler}); {@code Jitter} spreads pauses.
 */
package io.floodlock.runtime.time;
