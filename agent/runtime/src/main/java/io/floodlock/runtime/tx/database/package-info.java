/** The databases behind the DataSources of an application, and which of them are the same one. Start at Databases. */
package io.floodlock.runtime.tx.database;
