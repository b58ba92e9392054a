package io.floodlock.runtime.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.testkit.Await;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Classes of handles beside the loader of a driver that this class's own loader does not see. */
class HandlesTest {

    private static final URL DRIVER =
            PGConnection.class.getProtectionDomain().getCodeSource().getLocation();

    private URLClassLoader webApplication =
            new URLClassLoader(new URL[] {DRIVER}, ClassLoader.getPlatformClassLoader());

    @Test
    void theLoaderOfWhatTheApplicationHoldsSeesTheDriver() throws Exception {
        try (Connection handle = handle(webApplication);
                Statement statement = handle.createStatement()) {
            Class<?> driver = webApplication.loadClass(PGConnection.class.getName());
            assertNotSame(PGConnection.class, driver);
            for (Object each : List.of(handle, statement, handle.getMetaData())) {
                assertSame(driver, each.getClass().getClassLoader().loadClass(PGConnection.class.getName()));
            }
            assertSame(Connection.class, handle.getClass().getInterfaces()[0]);
            assertSame(SwitchingConnection.class, handle.getClass().getSuperclass());
        }
    }

    /** The control: the agent's own classes are of a loader that sees another driver, or none. */
    @Test
    void theAgentsOwnClassesDont() throws Exception {
        URLClassLoader none = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader());
        Connection handle = handle(none);
        assertThrows(
                ClassNotFoundException.class,
                () -> handle.getClass().getClassLoader().loadClass(PGConnection.class.getName()));
        none.close();
    }

    @Test
    void connectionsOfOneLoaderHaveOneClass() {
        assertSame(handle(webApplication).getClass(), handle(webApplication).getClass());
        assertNotSame(
                handle(webApplication).getClass(),
                handle(getClass().getClassLoader()).getClass());
    }

    @Test
    void anUndeployedDriverGoes() throws Exception {
        WeakReference<Object> handles =
                new WeakReference<>(handle(webApplication).getClass());
        WeakReference<Object> application = new WeakReference<>(webApplication);
        webApplication.close();
        webApplication = null;
        Await.until("the driver's classes are unloaded", Duration.ofSeconds(30), () -> {
            System.gc();
            return handles.refersTo(null) && application.refersTo(null);
        });
        assertEquals(null, application.get());
    }

    /** Over a connection whose class is of that loader. */
    private static Connection handle(ClassLoader loader) {
        return HandleFactory.of(proxy(loader, Connection.class))
                .connection(new Unwatched(), new Object(), null, proxy(loader, Connection.class), failure -> failure);
    }

    private static <T> T proxy(ClassLoader loader, Class<T> type) {
        return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, (self, method, arguments) -> {
            Class<?> result = method.getReturnType();
            if (method.getName().equals("hashCode")) {
                return 1;
            }
            if (method.getName().equals("equals")) {
                return self == arguments[0];
            }
            return result == boolean.class ? (Object) false : result.isInterface() ? proxy(loader, result) : null;
        }));
    }

    private static final class Unwatched implements ConnectionHooks {

        @Override
        public boolean watching() {
            return false;
        }

        @Override
        public Enlistment enlist(TrackedConnection connection) {
            return null;
        }

        @Override
        public boolean fenced() {
            return false;
        }

        @Override
        public FencePart fence(Object source, Connection connection) {
            throw new IllegalStateException();
        }

        @Override
        public SessionRead read(TrackedConnection connection) {
            return null;
        }

        @Override
        public boolean remembersSessions() {
            return false;
        }

        @Override
        public void touched(Connection raw) {}

        @Override
        public void beforeCommit() {}
    }
}
