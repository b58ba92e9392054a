package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A proxy between clients and a Redis, PostgreSQL or MariaDB server. It breaks messages or connections in selected
 * ways, from outside, so that neither side can distinguish it from a broken network. Thread-safe.
 *
 * <ul>
 *   <li>Single messages, by {@linkplain #at rules}: each is recognized by the text of a statement or a reply.
 *   <li>The whole link: {@link #cut()}, {@link #stall} one direction, {@link #refuse()}, {@link #retarget} to another
 *       server.
 * </ul>
 *
 * <pre>{@code
 * try (WireProxy proxy = WireProxy.postgres(server.port())) {
 *     proxy.at(sql -> sql.startsWith("COMMIT PREPARED")).cutReply();
 *     DriverManager.getConnection(proxy.through(server.jdbcUrl("bank")))...
 * }
 * }</pre>
 */
public final class WireProxy implements AutoCloseable {

    /** The direction of a message. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final Supplier<WireProtocol> protocol;
    private final int server;
    private final ServerSocket listening;
    private final Set<WireConnection> connections = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<WireRule> rules = new CopyOnWriteArrayList<>();
    private final Set<WireRule> holding = ConcurrentHashMap.newKeySet();
    private final Set<Direction> stalled = EnumSet.noneOf(Direction.class);
    private volatile int target;
    private volatile boolean refusing;

    /** A proxy on a free loopback port for the Redis on the given port. */
    public static WireProxy redis(int port) {
        Map<String, String> scripts = Resp.scripts();
        return open(() -> new Resp(scripts), port);
    }

    /** A proxy on a free loopback port for the PostgreSQL server on the given port. */
    public static WireProxy postgres(int port) {
        return open(PostgresWire::new, port);
    }

    /** A proxy on a free loopback port for the MariaDB server on the given port. */
    public static WireProxy mariaDb(int port) {
        return open(MySqlWire::new, port);
    }

    private static WireProxy open(Supplier<WireProtocol> protocol, int port) {
        try {
            return new WireProxy(protocol, port, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a proxy", e);
        }
    }

    private WireProxy(Supplier<WireProtocol> protocol, int server, ServerSocket listening) {
        this.protocol = protocol;
        this.server = server;
        this.target = server;
        this.listening = listening;
        Thread accepting = new Thread(this::accept, "floodlock-testkit-proxy-" + listening.getLocalPort());
        accepting.setDaemon(true);
        accepting.start();
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Rewrites a URL of the server so that it leads through this proxy. */
    public String through(String url) {
        return url.replaceFirst("127\\.0\\.0\\.1:" + server + "\\b", "127.0.0.1:" + port());
    }

    /** Creates a rule for statements that clients send. */
    public WireRule at(Predicate<String> statement) {
        return new WireRule(this, statement, false);
    }

    /** Creates a rule for replies of the server. */
    public WireRule atReply(Predicate<String> text) {
        return new WireRule(this, text, true);
    }

    /** Removes all rules and releases all held messages. */
    public void forget() {
        rules.clear();
        holding.forEach(WireRule::release);
    }

    void arm(WireRule rule) {
        rules.add(rule);
    }

    /** Breaks all connections. */
    public void cut() {
        connections.forEach(WireConnection::close);
    }

    /**
     * Stops all messages in this direction, on all connections, until {@link #flow()}. They then arrive late, unless
     * their connection is cut.
     */
    public void stall(Direction direction) {
        synchronized (stalled) {
            stalled.add(direction);
        }
    }

    /** Lets all messages pass again. */
    public void flow() {
        synchronized (stalled) {
            stalled.clear();
            stalled.notifyAll();
        }
    }

    /** Directs new connections to the server on this port; open connections stay with their server. */
    public void retarget(int port) {
        target = port;
    }

    /** Refuses new connections until {@link #accepting()}. */
    public void stopAccepting() {
        refusing = true;
    }

    /** As {@link #stopAccepting()}, and also breaks all connections. */
    public void refuse() {
        stopAccepting();
        cut();
    }

    /** Accepts connections again. */
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
                    connect(client);
                }
            } catch (IOException e) {
                // the proxy is closed
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
            WireConnection connection = new WireConnection(this, protocol.get(), client, upstream);
            connections.add(connection);
            connection.start();
        } catch (IOException e) {
            // the server is down; the client sees that its connection ends
            client.close();
        }
    }

    /** The rule that applies to this message; null if none does. */
    WireRule strike(String message, boolean reply) {
        if (message == null) {
            return null;
        }
        for (WireRule rule : rules) {
            if (rule.isForReplies() == reply && rule.strikes(message)) {
                if (rule.isUsedUp()) {
                    rules.remove(rule);
                }
                return rule;
            }
        }
        return null;
    }

    /** Runs the action of a rule while its message waits. */
    void serve(WireRule rule) {
        holding.add(rule);
        try {
            rule.strike();
        } finally {
            holding.remove(rule);
        }
    }

    /** Returns when messages may pass in this direction, or when their connection is closed. */
    void awaitFlow(Direction direction, WireConnection connection) {
        synchronized (stalled) {
            while (stalled.contains(direction) && !connection.isClosed()) {
                try {
                    stalled.wait();
                } catch (InterruptedException e) {
                    throw Interrupts.restored("waiting in a stalled connection", e);
                }
            }
        }
    }

    void ended(WireConnection connection) {
        connections.remove(connection);
        synchronized (stalled) {
            stalled.notifyAll();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException("proxy on port " + port(), e);
        } finally {
            forget();
            cut();
        }
    }
}
