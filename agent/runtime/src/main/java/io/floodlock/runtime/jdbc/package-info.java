/**
 * The connections that applications hold. A handle ({@code TrackedConnection}) takes the place of each connection that
 * a DataSource has handed out. It reports first statements, commits, rollbacks and closes to {@code ConnectionHooks},
 * and decides nothing itself.
 *
 * <p>Reading order: {@code TrackedConnection}, {@code ConnectionHooks}, {@code SwitchingConnection}, {@code LocalRole}
 * and {@code EnlistedRole}, {@code LocalTransaction}.
 */
package io.floodlock.runtime.jdbc;
