/**
 * The agent's own access to drivers and pools, which bypasses the handles of applications: it reads their state,
 * restores settings, aborts connections, and opens connections of its own.
 *
 * <p>Reading order: {@code DriverCallDepth}, {@code DriverConnection} and {@code DriverState}, {@code CommitFailure},
 * then {@code OwnConnections}.
 */
package io.floodlock.runtime.jdbc.driver;
