package io.floodlock.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;

/**
 * Weaves what was loaded before the agent: an AOT cache that was trained without weaving loads the application's classes
 * before premain, and they would run unprotected, silently. Only classes that need it are transformed again: JDK 17 drops
 * the parameter names of a class that comes through unchanged.
 */
final class LoadedClasses {

    private LoadedClasses() {}

    static void weave(Instrumentation instrumentation, Weaver weaver, boolean refuse) {
        List<Class<?>> hits = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isArray()
                    && !type.isPrimitive()
                    && weaver.concerns(type.getClassLoader(), type.getName())
                    && weaver.mayWeave(type.getName().replace('.', '/'), file(type))
                    && instrumentation.isModifiableClass(type)) {
                hits.add(type);
            }
        }
        for (Class<?> type : hits) {
            try {
                instrumentation.retransformClasses(type);
            } catch (Exception | LinkageError failure) {
                if (refuse) {
                    throw new IllegalArgumentException(
                            type.getName()
                                    + " was loaded before the agent (by an AOT cache, say) and can't be woven: "
                                    + failure
                                    + "; the log says why. Mend it, or train the cache with the agent.",
                            failure);
                }
            }
        }
    }

    /** Empty where the class file can't be found, as with classes made in memory. */
    private static byte[] file(Class<?> type) {
        String resource = type.getName().replace('.', '/').concat(".class");
        try (InputStream in = type.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
