/** What the open scopes of a thread or of an asynchronous call hold. Start at Scope. */
package io.floodlock.runtime.lock.scope;
