/** The engine of distributed transactions. */
package io.floodlock.runtime.tx.engine;
