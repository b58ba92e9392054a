/**
 * The databases behind the DataSources of an application, and which of them are the same one.
 *
 * <p>Reading order: {@code Databases}, {@code Database}, {@code JoinTest}, {@code KnownSessions}.
 */
package io.floodlock.runtime.tx.database;
