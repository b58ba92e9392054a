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
 * Weaves the classes that were loaded before the agent: by another agent, or from an AOT cache that was trained without
 * weaving or with other rules. Without this they would silently run unprotected. {@link Installer} calls {@link
 * #weave}; {@link Weaver} asks for a class's declaration when the JVM retransforms it.
 *
 * <p>Two sources describe a loaded class, and neither is complete. The bytes that the JVM has kept are the ones that
 * run, with all changes of other agents. But the JVM drops Floodlock's annotations, which are not for reflection, and
 * before JDK 19 the parameter names. The class file has both. But redefining the class from the file would undo the
 * changes of other agents, unless their transformers happen to make them again. So a class is retransformed: the JVM's
 * bytes are woven as the class file asks. The class file is kept for as long as the class lives, because another agent
 * may have the class retransformed later.
 *
 * <p>For a class without a file, which was created in memory, the JVM's bytes decide. To read them, the JVM is told to
 * retransform the class, and gets an answer that is not a class file. This ends the attempt before anything has
 * changed. The names of the class's annotations survive in its constant pool, though the annotations don't. If a class
 * has Floodlock's only there, the start fails, or logs a warning if {@code floodlock.on-failure=warn} is set.
 *
 * <p>Only classes that need it are changed. The scan is repeated until it finds nothing new, because other threads may
 * load classes meanwhile. One case is not found: a class whose bytes the JVM read before the agent was installed, and
 * which it defines only after the last scan. For that, a thread of another agent must load application classes while
 * premain runs. Hidden classes are invisible to every agent.
 */
final class LoadedClasses {

    /** The agent's two classes outside its own class loader. Their jar need not be searched. */
    private static final Set<String> LAUNCHER =
            Set.of("io.floodlock.launcher.Premain", "io.floodlock.launcher.AgentClassLoader");

    private final Instrumentation instrumentation;
    private final Map<Class<?>, byte[]> declarations = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile Probe probe;

    LoadedClasses(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** For a weaver that never sees a loaded class. */
    static LoadedClasses none() {
        return new LoadedClasses(null);
    }

    /**
     * Weaves all loaded classes that need it.
     *
     * @param refuse whether to refuse the start if a class can't be protected; if false, the class runs unprotected,
     *     with a warning
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

    /** @return the classes that have no class file */
    private List<Class<?>> weaveByFile(List<Class<?>> types, Weaver weaver, boolean refuse) {
        List<Class<?>> others = new ArrayList<>();
        try (ClassFileSource files = new ClassFileSource()) {
            for (Class<?> type : types) {
                byte[] file = files.file(type);
                if (file.length == 0) {
                    others.add(type);
                } else if (weaver.weavesOrRefuses(type.getClassLoader(), internal(type), file)) {
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
                failed(type, "it has no class file, and the JVM does not provide its bytes", null, refuse);
            } else if (weaver.hidesAnnotations(bytes)) {
                failed(
                        type,
                        "it has no class file, and the JVM has kept the names of its Floodlock annotations, but not"
                                + " the methods that carry them",
                        null,
                        refuse);
            } else if (weaver.weavesOrRefuses(type.getClassLoader(), internal(type), bytes)) {
                weave(type, bytes, refuse);
            }
        }
    }

    private void weave(Class<?> type, byte[] declaration, boolean refuse) {
        declarations.put(type, declaration);
        try {
            instrumentation.retransformClasses(type);
        } catch (Exception | LinkageError | InternalError failure) {
            failed(type, failure + "; see the log for a reason", failure, refuse);
        }
    }

    private static void failed(Class<?> type, String why, Throwable failure, boolean refuse) {
        String message = type.getName()
                + " was loaded before the agent (by another agent, or from an AOT cache) and can't be woven: " + why
                + ". Let the agent start first, train the cache with it, or correct the class.";
        if (refuse) {
            throw new IllegalArgumentException(message, failure);
        }
        WeaverLog.LOG.warn("{} It runs UNPROTECTED, as floodlock.on-failure=warn allows.", message);
    }

    /**
     * The class file of a loaded class, if it has been kept.
     *
     * @param kept the JVM's bytes; the result for most classes
     */
    byte[] declaration(Class<?> type, byte[] kept) {
        byte[] declaration = declarations.get(type);
        return declaration == null ? kept : declaration;
    }

    /** Whether this thread has started the current retransformation only to read the bytes. */
    boolean isProbing() {
        Probe current = probe;
        return current != null && current.thread == Thread.currentThread();
    }

    /**
     * Stores the bytes.
     *
     * @return the answer of the transformation
     */
    byte[] probed(Class<?> type, byte[] bytes) {
        return probe.take(type, bytes);
    }

    /**
     * The JVM's bytes of all these classes, read with a single request, because the JVM stops for each. Classes whose
     * bytes it does not provide are missing in the result.
     */
    private Map<Class<?>, byte[]> kept(List<Class<?>> types) {
        Probe current = new Probe(Thread.currentThread(), types.get(types.size() - 1));
        probe = current;
        try {
            instrumentation.retransformClasses(types.toArray(Class<?>[]::new));
        } catch (Exception | LinkageError | InternalError expected) {
            // intended: the attempt must fail before it changes anything
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

    /** One request for the JVM's bytes. Only the thread that makes the request uses it. */
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
