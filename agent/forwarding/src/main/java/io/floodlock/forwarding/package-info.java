/**
 * Annotation processor that generates forwarding methods while the runtime is compiled. Start at {@code Forwarding},
 * then {@code ForwardingProcessor}.
 */
package io.floodlock.forwarding;
