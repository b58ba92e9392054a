package io.floodlock.runtime.queue.context;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;

/**
 * Carries the diagnostic context of the application's SLF4J, version 1.7 or 2. It begins once the application's
 * logging has begun, and never starts it. On the module path, where the state of the logging can't be read, it carries
 * nothing.
 */
final class MdcCarrier implements Carrier {

    /** LoggerFactory's SUCCESSFUL_INITIALIZATION. */
    private static final int BEGUN = 3;

    private final ClassLoader loader;
    private final Field state;
    private volatile Handles handles;

    private record Handles(MethodHandle get, MethodHandle set, MethodHandle clear) {}

    /** @throws ReflectiveOperationException if the loader sees no SLF4J */
    MdcCarrier(ClassLoader loader) throws ReflectiveOperationException {
        this.loader = loader;
        this.state = Class.forName("org.slf4j.LoggerFactory", false, loader).getDeclaredField("INITIALIZATION_STATE");
        state.setAccessible(true);
    }

    @Override
    public String name() {
        return "mdc";
    }

    @Override
    public Map<String, String> capture() {
        Handles mdc = handles();
        return mdc == null ? null : texts((Map<?, ?>) LibraryMethods.call(mdc.get()));
    }

    @Override
    public Runnable restore(Map<String, String> captured) {
        Handles mdc = handles();
        if (mdc == null) {
            return () -> {};
        }
        Object before = LibraryMethods.call(mdc.get());
        LibraryMethods.call(mdc.set(), new HashMap<>(captured));
        return () -> {
            if (before == null) {
                LibraryMethods.call(mdc.clear());
            } else {
                LibraryMethods.call(mdc.set(), before);
            }
        };
    }

    /** Null as long as the application does not log. */
    private Handles handles() {
        Handles found = handles;
        try {
            if (found == null && state.getInt(null) == BEGUN) {
                Class<?> mdc = Class.forName("org.slf4j.MDC", true, loader);
                found = new Handles(
                        LibraryMethods.statik(mdc, "getCopyOfContextMap", Map.class),
                        LibraryMethods.statik(mdc, "setContextMap", void.class, Map.class),
                        LibraryMethods.statik(mdc, "clear", void.class));
                handles = found;
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SLF4J of an unknown version", e);
        }
        return found;
    }

    /** Some adapters hold values that are null. */
    private static Map<String, String> texts(Map<?, ?> values) {
        if (values == null || values.isEmpty()) {
            return null;
        }
        Map<String, String> texts = new HashMap<>();
        values.forEach((key, value) -> {
            if (key != null && value != null) {
                texts.put(key.toString(), value.toString());
            }
        });
        return texts;
    }
}
