/**
 * What applications hold in place of connections, statements and results: defined beside each driver, see HandleLoader.
 */
package io.floodlock.runtime.handle;
