/** Annotation processor that generates forwarding methods while the runtime is compiled. Start at Forwarding. */
package io.floodlock.forwarding;
