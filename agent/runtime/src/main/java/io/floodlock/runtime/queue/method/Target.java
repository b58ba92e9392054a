package io.floodlock.runtime.queue.method;

import java.lang.reflect.Method;

/**
 * Where a stored call runs. {@link TargetResolver} finds it, {@link QueueSite} calls it.
 *
 * @param instance null for a static method
 * @param via the method of an interface through which to call, for a proxy that has only the interfaces of the
 *     instance behind it; null to call the queued method itself
 */
public record Target(Object instance, Method via) {

    static final Target NONE = new Target(null, null);

    static Target direct(Object instance) {
        return new Target(instance, null);
    }
}
