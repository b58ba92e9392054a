package io.floodlock.runtime.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real redis-server for development, started for {@code floodlock.redis=embedded} before the first connection. It is
 * part of the embedded-redis library on the application's class path, used by reflection: the agent does not contain a
 * server. It listens on loopback, stores nothing on disk, and ends with this JVM, unless the JVM is killed.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final String SERVER = "redis.embedded.RedisServer";

    private final Object server;
    private final URI address;

    private EmbeddedRedis(Object server, URI address) {
        this.server = server;
        this.address = address;
    }

    /** Starts a server. */
    public static EmbeddedRedis start() {
        try {
            Class<?> type = Class.forName(SERVER, true, ClassLoader.getSystemClassLoader());
            int port = freePort();
            Object builder = type.getMethod("newRedisServer").invoke(null);
            set(builder, "port", int.class, port);
            set(builder, "bind", String.class, "127.0.0.1");
            set(builder, "setting", String.class, "save \"\"");
            set(builder, "setting", String.class, "appendonly no");
            set(builder, "setting", String.class, "maxmemory-policy noeviction");
            Object server = builder.getClass().getMethod("build").invoke(builder);
            run(server, "start");
            LOG.warn(
                    "floodlock.redis=embedded: this JVM has started a Redis of its own at 127.0.0.1:{}."
                            + " For development only: no other JVM shares its locks and queues, and its data is lost"
                            + " when this JVM ends.",
                    port);
            return new EmbeddedRedis(server, URI.create("redis://127.0.0.1:" + port));
        } catch (ClassNotFoundException e) {
            throw Failure.UNAVAILABLE.because(
                    "floodlock.redis=embedded needs the dependency com.github.codemonstur:embedded-redis on the"
                            + " application's class path, which lacks " + SERVER
                            + "; add it for development, or set floodlock.redis to a server's URL",
                    e);
        } catch (InvocationTargetException e) {
            throw notStarted(e.getCause());
        } catch (IOException | ReflectiveOperationException e) {
            throw notStarted(e);
        }
    }

    public URI address() {
        return address;
    }

    @Override
    public void close() {
        try {
            run(server, "stop");
        } catch (ReflectiveOperationException e) {
            LOG.warn("The embedded Redis at {} did not stop", address, e);
        }
    }

    private static void run(Object server, String method) throws ReflectiveOperationException {
        server.getClass().getMethod(method).invoke(server);
    }

    private static FloodlockFailure notStarted(Throwable cause) {
        return Failure.UNAVAILABLE.because(
                "floodlock.redis=embedded: the server did not start (" + cause
                        + "). Set floodlock.redis to the URL of a running server.",
                cause);
    }

    private static void set(Object builder, String name, Class<?> type, Object value)
            throws ReflectiveOperationException {
        builder.getClass().getMethod(name, type).invoke(builder, value);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
