package io.floodlock.weaver.log;

import io.floodlock.runtime.config.LogLevel;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The application's own SLF4J, of whatever version, once the application has begun to use it. The agent looks for the class
 * among those that are loaded and reads whether it has been initialized; it never loads or initializes it, as the
 * application's logging would then begin before the application has configured it. Where several applications share the JVM
 * the first that is found counts, for as long as it is there. Holds on to no application. For one thread.
 */
final class ApplicationSlf4j implements Predicate<LogLine> {

    private static final String FACTORY = "org.slf4j.LoggerFactory";
    private static final String LOGGER = "org.slf4j.Logger";

    /** LoggerFactory.SUCCESSFUL_INITIALIZATION; another value says that it has not begun, begins, has failed or does nothing. */
    private static final int BEGUN = 3;

    private final Instrumentation instrumentation;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;

    private WeakReference<Class<?>> found = new WeakReference<>(null);

    ApplicationSlf4j(Instrumentation instrumentation, Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.instrumentation = instrumentation;
        this.lookups = lookups;
    }

    /** False where the application has no such logging yet, or its logging refuses even errors of that logger now. */
    @Override
    public boolean test(LogLine line) {
        Class<?> factory = factory();
        if (factory == null) {
            return false;
        }
        try {
            Class<?> type = Class.forName(LOGGER, false, factory.getClassLoader());
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object logger = lookup.findStatic(factory, "getLogger", MethodType.methodType(type, String.class))
                    .invoke(line.logger());
            boolean any = (boolean) lookup.findVirtual(type, "isErrorEnabled", MethodType.methodType(boolean.class))
                    .invoke(logger);
            if (any) {
                method(lookup, type, line.level()).invoke(logger, line.text(), line.throwable());
            }
            return any;
        } catch (Throwable itsOwn) {
            // what the application's logging throws must not cost the line
            return false;
        }
    }

    private static MethodHandle method(MethodHandles.Lookup lookup, Class<?> logger, LogLevel level)
            throws ReflectiveOperationException {
        return lookup.findVirtual(
                logger,
                level.name().toLowerCase(Locale.ROOT),
                MethodType.methodType(void.class, String.class, Throwable.class));
    }

    /** Null where there is none. */
    private Class<?> factory() {
        Class<?> factory = found.get();
        if (factory != null) {
            return factory;
        }
        ClassLoader own = ApplicationSlf4j.class.getClassLoader();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getName().equals(FACTORY) && type.getClassLoader() != own && hasBegun(type)) {
                found = new WeakReference<>(type);
                return type;
            }
        }
        return null;
    }

    private boolean hasBegun(Class<?> factory) {
        try {
            return (int) lookups.apply(factory)
                            .findStaticGetter(factory, "INITIALIZATION_STATE", int.class)
                            .invoke()
                    == BEGUN;
        } catch (Throwable another) {
            return false;
        }
    }
}
