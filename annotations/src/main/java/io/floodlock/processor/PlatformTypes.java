package io.floodlock.processor;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the classes of the JDK that compiles, as the agent finds those of the JDK that runs. A class that the platform
 * class loader knows belongs to the JDK, any other class to the application. Thread-safe.
 */
final class PlatformTypes {

    private static final Map<String, Optional<Class<?>>> KNOWN = new ConcurrentHashMap<>();

    private PlatformTypes() {}

    /**
     * @param name binary
     * @return null for a class of the application
     */
    static Class<?> find(String name) {
        return KNOWN.computeIfAbsent(name, PlatformTypes::load).orElse(null);
    }

    private static Optional<Class<?>> load(String name) {
        try {
            return Optional.of(Class.forName(name, false, ClassLoader.getPlatformClassLoader()));
        } catch (ClassNotFoundException | LinkageError ofApplication) {
            return Optional.empty();
        }
    }
}
