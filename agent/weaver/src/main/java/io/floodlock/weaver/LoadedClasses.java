package io.floodlock.weaver;

import io.floodlock.weaver.load.ClassFileSource;
import io.floodlock.weaver.load.Initialization;
import io.floodlock.weaver.log.WeaverLog;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Weaves what was loaded before the agent: by another agent, or from an AOT cache that was trained without weaving, or with
 * other rules. Such classes would run unprotected, silently.
 *
 * <p>Two sources tell of a loaded class, and neither all of it. What the JVM has kept is what runs, with everything that
 * other agents have changed in it; but it has lost the annotations, which are not for reflection, and before JDK 19 the
 * parameter names. The class file has those; but redefining the class from it would undo other agents' changes, unless their
 * transformers happen to make them again. So a class is retransformed: the JVM's bytes are woven as the class file asks. The
 * file is kept for as long as the class, because another agent may have it retransformed later.
 *
 * <p>A class without a file, made in memory, is decided by what the JVM has kept: it is asked to retransform the class, and
 * gets an answer that is no class file, which ends the attempt before anything has changed. The names of annotations that a
 * class carried survive in its constant pool, though the annotations don't: a class that has them there, and nowhere else,
 * stops the start.
 *
 * <p>Only classes that need it are touched. The scan is repeated until it finds nothing new, for threads that load classes
 * meanwhile; a class whose bytes the JVM took before the agent was there, and which it defines only after the last scan, is
 * not found. That takes another agent's thread that loads application classes while premain runs. Hidden classes can't be
 * seen by any agent.
 */
final class LoadedClasses {

    /** The agent's two classes outside its own loader, in whose jar nothing is to be looked for. */
    private static final Set<String> LAUNCHER =
            Set.of("io.floodlock.launcher.Premain", "io.floodlock.launcher.AgentClassLoader");

    private final Instrumentation instrumentation;
    private final Map<Class<?>, byte[]> declarations = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile Probe probe;

    LoadedClasses(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** For a weaver that is never asked about a class that is loaded. */
    static LoadedClasses none() {
        return new LoadedClasses(null);
    }

    /**
     * @param refuse whether to refuse the start if a class can't be protected; else it runs unprotected, with a warning
     * @throws IllegalArgumentException naming that class
     */
    void weave(Weaver weaver, boolean refuse) {
        Set<Class<?>> seen = Collections.newSetFromMap(new WeakHashMap<>());
        List<Class<?>> found = unseen(weaver, seen);
        while (!found.isEmpty()) {
            weaveByWhatIsKept(weaveByFile(found, weaver, refuse), weaver, refuse);
            found = unseen(weaver, seen);
        }
    }

    private List<Class<?>> unseen(Weaver weaver, Set<Class<?>> seen) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isArray()
                    && !type.isPrimitive()
                    && weaver.concerns(type.getClassLoader(), type.getName())
                    && !LAUNCHER.contains(type.getName())
                    && !type.isHidden()
                    && seen.add(type)) {
                found.add(type);
            }
        }
        return found;
    }

    /** @return those of which there is no file */
    private List<Class<?>> weaveByFile(List<Class<?>> types, Weaver weaver, boolean refuse) {
        List<Class<?>> others = new ArrayList<>();
        try (ClassFileSource files = new ClassFileSource()) {
            for (Class<?> type : types) {
                byte[] file = files.file(type);
                if (file.length == 0) {
                    others.add(type);
                } else if (weaver.wants(type.getClassLoader(), internal(type), file)) {
                    weave(type, file, refuse);
                }
            }
        }
        return others;
    }

    private void weaveByWhatIsKept(List<Class<?>> types, Weaver weaver, boolean refuse) {
        if (types.isEmpty()) {
            return;
        }
        Map<Class<?>, byte[]> kept = new HashMap<>(kept(types));
        for (Class<?> type : types) {
            byte[] bytes = kept.containsKey(type)
                    ? kept.get(type)
                    : kept(List.of(type)).get(type);
            if (bytes == null) {
                failed(type, "there is no class file of it, and the JVM does not tell its bytes", null, refuse);
            } else if (weaver.hidesAnnotations(bytes)) {
                failed(
                        type,
                        "there is no class file of it, and the JVM has kept only that it has annotations of"
                                + " Floodlock's, not where",
                        null,
                        refuse);
            } else if (weaver.wants(type.getClassLoader(), internal(type), bytes)) {
                weave(type, bytes, refuse);
            }
        }
    }

    private void weave(Class<?> type, byte[] declaration, boolean refuse) {
        declarations.put(type, declaration);
        try {
            instrumentation.retransformClasses(type);
        } catch (Exception | LinkageError | InternalError failure) {
            failed(type, failure + "; the log may say why", failure, refuse);
        }
    }

    private static void failed(Class<?> type, String why, Throwable failure, boolean refuse) {
        String message = type.getName()
                + " was loaded before the agent (by another agent, or from an AOT cache) and can't be woven: " + why
                + ". Let the agent start first, train the cache with it, or mend the class.";
        if (refuse) {
            throw new IllegalArgumentException(message, failure);
        }
        WeaverLog.LOG.warn("{} It runs UNPROTECTED, as floodlock.on-failure=warn allows.", message);
    }

    /** What the class file says of a loaded class. @param kept what the JVM says of it, the answer for most */
    byte[] declaration(Class<?> type, byte[] kept) {
        byte[] declaration = declarations.get(type);
        return declaration == null ? kept : declaration;
    }

    /** Whether this transformation was asked for only to see the bytes. */
    boolean isProbing() {
        Probe current = probe;
        return current != null && current.thread == Thread.currentThread();
    }

    /** @return the transformation's answer */
    byte[] probed(Class<?> type, byte[] bytes) {
        return probe.take(type, bytes);
    }

    /** Of all at once, for the JVM stops once per question; those of which it does not tell are missing. */
    private Map<Class<?>, byte[]> kept(List<Class<?>> types) {
        Probe current = new Probe(Thread.currentThread(), types.get(types.size() - 1));
        probe = current;
        try {
            instrumentation.retransformClasses(types.toArray(Class<?>[]::new));
        } catch (Exception | LinkageError | InternalError expected) {
            // that nothing is changed is what was asked for
        } finally {
            probe = null;
        }
        return current.seen;
    }

    /** Whether the class's initializer has run, or may be running. */
    boolean isInitialized(Class<?> type) {
        return Initialization.hasRun(instrumentation, type);
    }

    private static String internal(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    /** One question to the JVM; only the thread that asks it uses it. */
    private static final class Probe {

        private final Thread thread;
        private final Class<?> last;
        private final Map<Class<?>, byte[]> seen = new HashMap<>();

        Probe(Thread thread, Class<?> last) {
            this.thread = thread;
            this.last = last;
        }

        byte[] take(Class<?> type, byte[] bytes) {
            seen.put(type, bytes);
            return type == last ? Weaver.UNLOADABLE.clone() : null;
        }
    }
}
