/**
 * The objects that applications hold in place of connections, statements and results. Their classes are defined once
 * beside each driver.
 *
 * <p>Reading order: {@code HandleLoader} of the package {@code jdbc}, which explains why, {@code DriverHandles},
 * {@code ConnectionHandle}.
 */
package io.floodlock.runtime.handle;
