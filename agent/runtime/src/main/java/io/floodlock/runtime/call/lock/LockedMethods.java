package io.floodlock.runtime.call.lock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.call.support.WovenMethods;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the methods with locks before they are called, for {@code Boundary}. A call site can't serve here: it knows its
 * method only once the first call has linked it, which is too late.
 *
 * <p>Before a class exists, only text is kept of its methods, under its loader, which is held weakly. The bound methods
 * are then kept by the class itself, so that an undeployed application can be collected. Thread-safe.
 */
public final class LockedMethods {

    private static final Logger LOG = LoggerFactory.getLogger(LockedMethods.class);

    private final Engines engines;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;

    /** By loader, then by the text of {@link #name}. */
    @GuardedBy("woven")
    private final Map<ClassLoader, Map<String, CallSpec>> woven = new WeakHashMap<>();

    private volatile boolean any;

    private final ClassValue<ConcurrentMap<Method, Optional<LockedMethod>>> bound = new ClassValue<>() {
        @Override
        protected ConcurrentMap<Method, Optional<LockedMethod>> computeValue(Class<?> owner) {
            return new ConcurrentHashMap<>();
        }
    };

    public LockedMethods(Engines engines, Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.engines = engines;
        this.lookups = lookups;
    }

    /** Records a method with locks. Its class is about to be defined. */
    public void woven(ClassLoader loader, CallSpec spec) {
        synchronized (woven) {
            woven.computeIfAbsent(loader, l -> new ConcurrentHashMap<>())
                    .put(name(spec.owner(), spec.method(), spec.descriptor()), spec);
        }
        any = true;
    }

    /** Whether no method with locks has been woven in this JVM. */
    public boolean isEmpty() {
        return !any;
    }

    /** The locks of that method, as its own class declares it; null if it has none. */
    public LockedMethod find(Method method) {
        ConcurrentMap<Method, Optional<LockedMethod>> known = bound.get(method.getDeclaringClass());
        Optional<LockedMethod> found = known.get(method);
        return (found != null ? found : known.computeIfAbsent(method, this::bind)).orElse(null);
    }

    private Optional<LockedMethod> bind(Method method) {
        Class<?> owner = method.getDeclaringClass();
        CallSpec spec = spec(owner.getClassLoader(), method);
        if (spec == null) {
            return Optional.empty();
        }
        try {
            MethodHandles.Lookup lookup = lookups.apply(owner);
            return Optional.of(new LockedMethod(spec, lookup, WovenMethods.find(spec, lookup), engines));
        } catch (RuntimeException | LinkageError e) {
            // the method's own call site can't be linked either, and fails each call with the reason
            LOG.debug("The locks of {} can't be acquired before its call", spec.displayName(), e);
            return Optional.empty();
        }
    }

    private CallSpec spec(ClassLoader loader, Method method) {
        Map<String, CallSpec> ofLoader;
        synchronized (woven) {
            ofLoader = woven.get(loader);
        }
        return ofLoader == null
                ? null
                : ofLoader.get(name(
                        method.getDeclaringClass().getName(),
                        method.getName(),
                        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                .toMethodDescriptorString()));
    }

    private static String name(String owner, String method, String descriptor) {
        return owner + "." + method + descriptor;
    }
}
