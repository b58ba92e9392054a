/**
 * The connections that applications hold: tells of first statements, commits, rollbacks and closes, decides nothing
 * itself.
 */
package io.floodlock.runtime.jdbc;
