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
 * A real redis-server for development, where {@code floodlock.redis=embedded} asks for one. It comes from the embedded-redis
 * library on the application's own class path, met by name: the agent does not ship servers. It listens on loopback, keeps
 * nothing on disk, and ends with this JVM, unless that is killed.
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
                    "floodlock.redis=embedded: a Redis of this JVM's own runs at 127.0.0.1:{}. For development only: no other"
                            + " JVM shares its locks and queues, and all it holds is gone when this JVM ends.",
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
                        + "). Set floodlock.redis to the URL of a server that runs.",
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
