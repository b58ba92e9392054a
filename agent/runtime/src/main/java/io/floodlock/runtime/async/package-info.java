/**
 * Locks of calls whose results stand for work that continues after the method has returned: stages, publishers, Kotlin
 * suspend functions.
 *
 * <p>Reading order: {@code AsyncResults}, {@code AsyncScopeGuard}, then one kind of result: {@code ScopedStage},
 * {@code ScopedPublisher} and {@code ScopedSubscription}, or {@code SuspendedCall}.
 */
package io.floodlock.runtime.async;
