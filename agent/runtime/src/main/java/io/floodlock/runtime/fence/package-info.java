/**
 * What a database refuses to a lock's holder that holds it no longer: the guard looks before every commit, and the
 * fence has the database itself compare holders.
 */
package io.floodlock.runtime.fence;
