/** What can go wrong at a caller, before it becomes the caller's own exception class. */
package io.floodlock.runtime.failure;
