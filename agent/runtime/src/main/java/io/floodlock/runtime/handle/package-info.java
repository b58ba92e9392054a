/**
 * The objects that applications hold in place of connections, statements and results. Their classes are defined once
 * beside each driver; see {@code HandleLoader}.
 */
package io.floodlock.runtime.handle;
