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
 * Writes lines to the application's own SLF4J, of any version, once the application has started to use it. The agent
 * searches the loaded classes for SLF4J's LoggerFactory and reads its initialization state. It never loads or
 * initializes that class, because the application's logging would then start before the application has configured
 * it. If several applications share the JVM, the first one found is used for as long as it exists. Holds no strong
 * reference to an application. For one thread.
 */
final class ApplicationSlf4j implements Predicate<LogLine> {

    private static final String FACTORY = "org.slf4j.LoggerFactory";
    private static final String LOGGER = "org.slf4j.Logger";

    /**
     * LoggerFactory.SUCCESSFUL_INITIALIZATION. Other values mean: not started, in progress, failed, or no-operation
     * logging.
     */
    private static final int BEGUN = 3;

    private final Instrumentation instrumentation;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;

    private WeakReference<Class<?>> found = new WeakReference<>(null);

    ApplicationSlf4j(Instrumentation instrumentation, Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.instrumentation = instrumentation;
        this.lookups = lookups;
    }

    /**
     * Writes the line. False if the application has no such logging yet, or if its logging currently rejects even
     * errors of that logger.
     */
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
            // an exception from the application's logging must not lose the line
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

    /** The application's LoggerFactory, if its initialization has succeeded; otherwise null. */
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
