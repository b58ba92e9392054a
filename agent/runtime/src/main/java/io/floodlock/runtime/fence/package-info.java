/** What a database refuses to a lock's holder that holds it no longer: here the guard, which looks before every commit. */
package io.floodlock.runtime.fence;
