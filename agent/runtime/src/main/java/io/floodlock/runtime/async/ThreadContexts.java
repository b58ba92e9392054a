package io.floodlock.runtime.async;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the contexts that an application keeps with a thread to the thread that runs the rest of a call: the context
 * class loader; the thread-locals that Micrometer's context-propagation knows; OpenTelemetry's current context; SLF4J's
 * MDC; Spring Security's context. Other thread-locals are not passed on, unless the application registers them with
 * context-propagation. A library that fails is logged once and does not change the call's result. {@code AsyncCall}
 * makes one for each method. Thread-safe.
 */
public final class ThreadContexts {

    /*
     * Libraries are found by name, in the loader of the application's class, and not before a call has to wait. So none
     * of them is loaded or initialized earlier than without the agent. A library that is absent, or of an unknown
     * version, is left out; one that fails is logged once and doesn't change the result of the call.
     *
     * On the other thread all contexts are installed in that order and removed in the opposite order. So a thread of
     * the agent keeps no context of a call, and nothing that its body has set.
     */

    private static final Logger log = LoggerFactory.getLogger(ThreadContexts.class);

    /** The way to capture and install the context of one library. */
    interface Kind {

        Object capture();

        /** @return restores the context that was there before */
        Runnable install(Object captured);
    }

    /** The contexts of one thread. */
    public final class Captured {
        private final Object[] states;

        private Captured(Object[] states) {
            this.states = states;
        }

        /** Runs the task with these contexts installed. */
        void run(Runnable task) {
            Deque<Runnable> undo = new ArrayDeque<>(states.length);
            try {
                for (int i = 0; i < states.length; i++) {
                    install(kinds.get(i), states[i], undo);
                }
                task.run();
            } finally {
                while (!undo.isEmpty()) {
                    guarded(undo.pop());
                }
            }
        }

        private void install(Kind kind, Object state, Deque<Runnable> undo) {
            if (state != FAILED) {
                guarded(() -> undo.push(kind.install(state)));
            }
        }
    }

    private static final Object FAILED = new Object();
    private static final Kind LOADER = new Kind() {
        @Override
        public Object capture() {
            return Thread.currentThread().getContextClassLoader();
        }

        @Override
        public Runnable install(Object loader) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader((ClassLoader) loader);
            return () -> thread.setContextClassLoader(before);
        }
    };

    private final ClassLoader loader;
    private final Set<Class<?>> warned = ConcurrentHashMap.newKeySet();
    private volatile List<Kind> kinds;

    private ThreadContexts(ClassLoader loader) {
        this.loader = loader;
    }

    /** The contexts of the libraries that the class's loader sees. */
    public static ThreadContexts beside(Class<?> type) {
        return new ThreadContexts(type.getClassLoader());
    }

    /** Captures the contexts of this thread. */
    public Captured capture() {
        List<Kind> known = kinds;
        if (known == null) {
            known = find();
            kinds = known;
        }
        Object[] states = new Object[known.size()];
        for (int i = 0; i < states.length; i++) {
            int at = i;
            states[at] = FAILED;
            Kind kind = known.get(at);
            guarded(() -> states[at] = kind.capture());
        }
        return new Captured(states);
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            if (warned.add(e.getClass())) {
                log.warn("A context of the calling thread could not be passed to the thread that runs the call", e);
            }
        }
    }

    private List<Kind> find() {
        List<Kind> found = new ArrayList<>();
        found.add(LOADER);
        add(found, "io.micrometer.context.ContextSnapshotFactory", this::snapshots);
        add(found, "io.opentelemetry.context.Context", this::openTelemetry);
        add(found, "org.slf4j.MDC", ThreadContexts::diagnostics);
        add(found, "org.springframework.security.core.context.SecurityContextHolder", this::security);
        return List.copyOf(found);
    }

    private interface Maker {
        Kind of(Class<?> type) throws ReflectiveOperationException;
    }

    private void add(List<Kind> found, String name, Maker maker) {
        try {
            found.add(maker.of(type(name)));
        } catch (ReflectiveOperationException | LinkageError absent) {
            log.debug("{} is not passed to other threads", name, absent);
        }
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, true, loader);
    }

    private Kind snapshots(Class<?> factory) throws ReflectiveOperationException {
        Class<?> builder = type(factory.getName() + "$Builder");
        Class<?> snapshot = type("io.micrometer.context.ContextSnapshot");
        Class<?> scope = type("io.micrometer.context.ContextSnapshot$Scope");
        Object made = LibraryMethods.call(
                LibraryMethods.virtual(builder, "build", factory),
                LibraryMethods.call(LibraryMethods.statik(factory, "builder", builder)));
        MethodHandle capture = LibraryMethods.virtual(factory, "captureAll", snapshot, Object[].class);
        MethodHandle set = LibraryMethods.virtual(snapshot, "setThreadLocals", scope);
        MethodHandle close = LibraryMethods.virtual(scope, "close", void.class);
        return scoped(() -> LibraryMethods.call(capture, made, new Object[0]), set, close);
    }

    private Kind openTelemetry(Class<?> context) throws ReflectiveOperationException {
        Class<?> scope = type("io.opentelemetry.context.Scope");
        MethodHandle current = LibraryMethods.statik(context, "current", context);
        return scoped(
                () -> LibraryMethods.call(current),
                LibraryMethods.virtual(context, "makeCurrent", scope),
                LibraryMethods.virtual(scope, "close", void.class));
    }

    private static Kind scoped(Supplier<Object> current, MethodHandle open, MethodHandle close) {
        return new Kind() {
            @Override
            public Object capture() {
                return current.get();
            }

            @Override
            public Runnable install(Object captured) {
                Object scope = LibraryMethods.call(open, captured);
                return () -> LibraryMethods.call(close, scope);
            }
        };
    }

    private static Kind diagnostics(Class<?> mdc) throws ReflectiveOperationException {
        return replaced(
                LibraryMethods.statik(mdc, "getCopyOfContextMap", Map.class),
                LibraryMethods.statik(mdc, "setContextMap", void.class, Map.class),
                LibraryMethods.statik(mdc, "clear", void.class),
                Objects::isNull);
    }

    private Kind security(Class<?> holder) throws ReflectiveOperationException {
        Class<?> context = type("org.springframework.security.core.context.SecurityContext");
        Object empty = LibraryMethods.call(LibraryMethods.statik(holder, "createEmptyContext", context));
        return replaced(
                LibraryMethods.statik(holder, "getContext", context),
                LibraryMethods.statik(holder, "setContext", void.class, context),
                LibraryMethods.statik(holder, "clearContext", void.class),
                empty::equals);
    }

    /** @param nothing whether a thread had no context before, so that its context is cleared at the end */
    private static Kind replaced(MethodHandle get, MethodHandle set, MethodHandle clear, Predicate<Object> nothing) {
        return new Kind() {
            @Override
            public Object capture() {
                return LibraryMethods.call(get);
            }

            @Override
            public Runnable install(Object captured) {
                Object before = LibraryMethods.call(get);
                put(captured, captured == null);
                return () -> put(before, nothing.test(before));
            }

            private void put(Object value, boolean cleared) {
                if (cleared) {
                    LibraryMethods.call(clear);
                } else {
                    LibraryMethods.call(set, value);
                }
            }
        };
    }
}
