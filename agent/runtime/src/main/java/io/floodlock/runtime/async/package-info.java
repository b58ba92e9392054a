/**
 * Locks of calls whose results stand for work that continues after the method has returned: stages, publishers, Kotlin
 * suspend functions. Start at AsyncResults, then AsyncScopeGuard.
 */
package io.floodlock.runtime.async;
