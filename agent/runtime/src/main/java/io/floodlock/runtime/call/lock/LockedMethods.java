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
 * The methods with locks, for one who meets a method before it is called. A call site knows its method only once it has been
 * linked, by the first call, which comes too late here.
 *
 * <p>What is kept of a class before it exists is text, under its loader, which is not held. What is made of it then hangs on
 * the class itself: an undeployed application can go. Thread-safe.
 */
public final class LockedMethods {

    private static final Logger LOG = LoggerFactory.getLogger(LockedMethods.class);

    private final Engines engines;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;

    /** By the text of {@link #name}. Guarded by itself. */
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

    /** Its class is about to be defined. */
    public void woven(ClassLoader loader, CallSpec spec) {
        synchronized (woven) {
            woven.computeIfAbsent(loader, l -> new ConcurrentHashMap<>())
                    .put(name(spec.owner(), spec.method(), spec.descriptor()), spec);
        }
        any = true;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return !any;
    }

    /** Null if that method, as its own class declares it, has no locks. */
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
            // its own call site can't be linked either, and fails each call with the reason
            LOG.debug("{} has no locks that can be taken before it is called", spec.displayName(), e);
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
