/** Events of the runtime, for logs, metrics and traces. */
package io.floodlock.runtime.event;
