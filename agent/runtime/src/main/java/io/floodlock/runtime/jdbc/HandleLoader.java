package io.floodlock.runtime.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Defines the handle classes once more for each class loader of drivers and pools, so that they see the driver's
 * classes. Thread-safe.
 *
 * <pre>
 *   the agent's loader: TrackedConnection, TrackedStatement ...     the driver's loader: PgConnection ...
 *                 ^ io.floodlock.runtime                                  ^ parent: everything else
 *                 |                                                       |
 *                 +-------- HandleLoader: ConnectionHandle, ... ----------+
 * </pre>
 *
 * Libraries look for a driver's classes, or define proxies, through {@code connection.getClass().getClassLoader()}.
 * That loader must find what the loader of the driver's own connection finds. The handle classes add nothing to the
 * classes that they extend.
 *
 * <p>The handle classes live as long as the driver's classes, each of which refers to them by a class value. Nothing of
 * the agent refers to them strongly, so a web application can be unloaded with its driver.
 */
final class HandleLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private static final Logger LOG = LoggerFactory.getLogger(HandleLoader.class);

    private static final String AGENT = "io.floodlock.runtime.";
    private static final String HANDLES = "io.floodlock.runtime.handle.";
    private static final String FACTORY = HANDLES.concat("DriverHandles");

    private static final ClassLoader OWN = HandleLoader.class.getClassLoader();

    private static final Map<ClassLoader, WeakReference<HandleFactory>> BY_LOADER = new WeakHashMap<>();

    private static final ClassValue<HandleFactory> BY_CLASS = new ClassValue<>() {
        @Override
        protected HandleFactory computeValue(Class<?> type) {
            return beside(type.getClassLoader());
        }
    };

    private HandleLoader(ClassLoader drivers) {
        super("floodlock-handles", drivers);
    }

    /** @param driver the class of a connection of a driver or pool */
    static HandleFactory handles(Class<?> driver) {
        return BY_CLASS.get(driver);
    }

    private static HandleFactory beside(ClassLoader drivers) {
        if (drivers == null || drivers == OWN || drivers == ClassLoader.getPlatformClassLoader()) {
            return make(OWN);
        }
        HandleFactory known = known(drivers, null);
        // outside the lock, as it calls the application's loader: concurrent threads create several, the first is kept
        return known != null ? known : known(drivers, makeBeside(drivers));
    }

    /** @param otherwise the factory to register if none is known; null to register none */
    private static HandleFactory known(ClassLoader drivers, HandleFactory otherwise) {
        synchronized (BY_LOADER) {
            WeakReference<HandleFactory> first = BY_LOADER.get(drivers);
            HandleFactory known = first == null ? null : first.get();
            if (known == null && otherwise != null) {
                BY_LOADER.put(drivers, new WeakReference<>(otherwise));
                return otherwise;
            }
            return known;
        }
    }

    private static HandleFactory makeBeside(ClassLoader drivers) {
        try {
            return make(new HandleLoader(drivers));
        } catch (LinkageError | IllegalStateException e) {
            LOG.warn("Connection handles beside class loader {} don't see the driver's classes", drivers, e);
            return make(OWN);
        }
    }

    private static HandleFactory make(ClassLoader loader) {
        try {
            return (HandleFactory)
                    Class.forName(FACTORY, true, loader).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the factory of connection handles can't be created", e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(HANDLES)) {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }
        return name.startsWith(AGENT) ? OWN.loadClass(name) : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream file = OWN.getResourceAsStream(name.replace('.', '/').concat(".class"))) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length, HandleLoader.class.getProtectionDomain());
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
