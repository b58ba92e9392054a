/** Open scopes: the keys that the calls around a thread, or an asynchronous call, hold. Start at Scope. */
package io.floodlock.runtime.lock.scope;
