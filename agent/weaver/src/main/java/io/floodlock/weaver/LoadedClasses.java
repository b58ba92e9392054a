package io.floodlock.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Weaves what was loaded before the agent: an AOT cache that was trained without weaving loads the application's classes
 * before premain, and they would run unprotected, silently.
 *
 * <p>They are redefined from their class files, not retransformed: what the JVM keeps of a loaded class has lost the
 * annotations, which are not for reflection, and before JDK 19 the parameter names too. Only classes that need it are
 * touched.
 */
final class LoadedClasses {

    /** The agent's two classes outside its own loader, in whose jar nothing is to be looked for. */
    private static final Set<String> LAUNCHER =
            Set.of("io.floodlock.launcher.Premain", "io.floodlock.launcher.AgentClassLoader");

    private LoadedClasses() {}

    static void weave(Instrumentation instrumentation, Weaver weaver, boolean refuse) {
        List<ClassDefinition> hits = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isArray()
                    && !type.isPrimitive()
                    && !LAUNCHER.contains(type.getName())
                    && weaver.concerns(type.getClassLoader(), type.getName())
                    && instrumentation.isModifiableClass(type)) {
                byte[] file = file(type);
                if (weaver.wants(type.getName().replace('.', '/'), file)) {
                    hits.add(new ClassDefinition(type, file));
                }
            }
        }
        for (ClassDefinition hit : hits) {
            try {
                instrumentation.redefineClasses(hit);
            } catch (Exception | LinkageError failure) {
                if (refuse) {
                    throw new IllegalArgumentException(
                            hit.getDefinitionClass().getName()
                                    + " was loaded before the agent (from an AOT cache, say) and can't be woven: "
                                    + failure
                                    + "; the log may say why. Mend it, or train the cache with the agent.",
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
