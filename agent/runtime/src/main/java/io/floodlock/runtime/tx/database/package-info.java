/** The databases behind the sources of an application, and which sources reach the same one. */
package io.floodlock.runtime.tx.database;
