/** What happened, for logs, metrics and traces. */
package io.floodlock.runtime.event;
