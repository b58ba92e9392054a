package io.floodlock.runtime.call.support;

import io.floodlock.runtime.call.spec.CallSpec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/**
 * Finds the method that a {@link CallSpec} describes. Resolves the types of that method alone, not those of the other
 * methods of its class.
 */
public final class WovenMethods {

    private WovenMethods() {}

    public static Method find(CallSpec spec, MethodHandles.Lookup lookup) {
        return lookup.revealDirect(handle(spec, lookup)).reflectAs(Method.class, lookup);
    }

    /**
     * Calls exactly that method, even if a subclass overrides it. The first argument is the instance, if the method is
     * not static.
     */
    public static MethodHandle handle(CallSpec spec, MethodHandles.Lookup lookup) {
        Class<?> owner = lookup.lookupClass();
        MethodType type = MethodType.fromMethodDescriptorString(spec.descriptor(), owner.getClassLoader());
        try {
            return spec.isStatic()
                    ? lookup.findStatic(owner, spec.method(), type)
                    : lookup.findSpecial(owner, spec.method(), type, owner);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new LinkageError(spec.displayName() + spec.descriptor() + " can't be found in its own class", e);
        }
    }
}
