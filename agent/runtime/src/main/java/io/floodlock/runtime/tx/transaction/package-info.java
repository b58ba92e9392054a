/**
 * One open transaction, its branches, and the application's work on them.
 *
 * <p>Reading order: {@code Transaction}, {@code Enlister}, {@code Branch} and {@code JdbcBranch}, {@code BranchWork},
 * then {@code BranchSession}.
 */
package io.floodlock.runtime.tx.transaction;
