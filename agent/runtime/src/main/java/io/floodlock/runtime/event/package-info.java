/** Events of the runtime, for logs, metrics and traces. Begin with {@code Events}, then {@code StallLog}. */
package io.floodlock.runtime.event;
