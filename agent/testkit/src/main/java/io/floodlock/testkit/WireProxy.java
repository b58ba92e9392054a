package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stands between a client and a PostgreSQL server and makes one chosen statement fail in a chosen way, from outside, where
 * neither side can tell it from a broken network. Each fault strikes once. Thread-safe.
 *
 * <pre>{@code
 * try (WireProxy proxy = WireProxy.to(server.port())) {
 *     proxy.cutReplyTo(sql -> sql.startsWith("COMMIT PREPARED"));
 *     DriverManager.getConnection(proxy.jdbcUrl("bank"))...
 * }
 * }</pre>
 */
public final class WireProxy implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final int target;
    private final ServerSocket listening;
    private final Set<WireConnection> connections = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<Fault> faults = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    /** A proxy on a free loopback port for the server on another. */
    public static WireProxy to(int port) {
        try {
            return new WireProxy(port, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a proxy", e);
        }
    }

    private WireProxy(int target, ServerSocket listening) {
        this.target = target;
        this.listening = listening;
        Thread accepting = new Thread(this::accept, "floodlock-testkit-proxy-" + listening.getLocalPort());
        accepting.setDaemon(true);
        accepting.start();
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** As {@link PostgresServer#jdbcUrl} through this proxy. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=postgres";
    }

    /** The next such statement never reaches the server: the connection breaks instead. */
    public void cutBefore(Predicate<String> statement) {
        faults.add(new Fault(statement, Kind.CUT_BEFORE));
    }

    /** The server runs the next such statement, and the connection breaks in place of its reply. */
    public void cutReplyTo(Predicate<String> statement) {
        faults.add(new Fault(statement, Kind.CUT_REPLY));
    }

    /** The next such statement waits here. */
    public Held hold(Predicate<String> statement) {
        Fault fault = new Fault(statement, Kind.HOLD);
        faults.add(fault);
        return fault.held;
    }

    /** Lets no new connection in, until {@link #accepting()}. */
    public void stopAccepting() {
        refusing = true;
    }

    /** Breaks all connections too. */
    public void refuse() {
        stopAccepting();
        connections.forEach(WireConnection::close);
    }

    /** Lets connections in again. */
    public void accepting() {
        refusing = false;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (refusing) {
                    client.close();
                } else {
                    connections.add(
                            new WireConnection(this, client, new Socket(InetAddress.getLoopbackAddress(), target)));
                }
            } catch (IOException e) {
                // the proxy is closed, or the server is down and the client sees its connection end
            }
        }
    }

    /** The fault that strikes at that statement, used up; null if none does. */
    Fault strike(String statement) {
        for (Fault fault : faults) {
            if (fault.statement.test(statement) && faults.remove(fault)) {
                return fault;
            }
        }
        return null;
    }

    void ended(WireConnection connection) {
        connections.remove(connection);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException("proxy on port " + port(), e);
        } finally {
            faults.forEach(fault -> fault.held.release());
            connections.forEach(WireConnection::close);
        }
    }

    enum Kind {
        CUT_BEFORE,
        CUT_REPLY,
        HOLD
    }

    record Fault(Predicate<String> statement, Kind kind, Held held) {
        Fault(Predicate<String> statement, Kind kind) {
            this(statement, kind, new Held());
        }
    }

    /** A statement on its way. */
    public static final class Held {

        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Held() {}

        /** Waits up to a minute until the client has sent it. */
        public void awaitArrival() {
            try {
                if (!arrived.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("the statement to hold was never sent");
                }
            } catch (InterruptedException e) {
                throw Interrupts.restored("waiting for a statement", e);
            }
        }

        /** Sends it on, even if the client is gone meanwhile. */
        public void release() {
            released.countDown();
        }

        void block() {
            arrived.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw Interrupts.restored("holding a statement", e);
            }
        }
    }
}
