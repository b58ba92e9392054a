package io.floodlock.testkit;

import io.floodlock.testkit.WireProtocol.Reply;
import io.floodlock.testkit.WireProtocol.Request;
import io.floodlock.testkit.WireProxy.Direction;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** One connection through a {@link WireProxy}, which forwards complete messages. It has one thread per direction. */
final class WireConnection {

    private static final long NONE = Long.MAX_VALUE;

    private final WireProxy proxy;
    private final WireProtocol protocol;
    private final Socket client;
    private final Socket server;
    private volatile boolean closed;

    /** The exchange whose reply the client must not see. */
    private volatile long cutAt = NONE;

    WireConnection(WireProxy proxy, WireProtocol protocol, Socket client, Socket server) throws IOException {
        this.proxy = proxy;
        this.protocol = protocol;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        start("client", () -> {
            protocol.open(
                    client.getInputStream(),
                    client.getOutputStream(),
                    server.getInputStream(),
                    server.getOutputStream());
            start("server", this::fromServer);
            fromClient();
        });
    }

    private void start(String side, Relay relay) {
        Thread thread = new Thread(
                () -> {
                    try {
                        relay.run();
                    } catch (IOException e) {
                        // one side has closed its connection
                    } finally {
                        close();
                    }
                },
                "floodlock-testkit-proxy-" + side);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Relay {
        void run() throws IOException;
    }

    private void fromClient() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
        OutputStream out = new BufferedOutputStream(server.getOutputStream());
        while (true) {
            Request request = protocol.request(in);
            byte[] bytes = request.bytes();
            WireRule rule = proxy.strike(request.statement(), false);
            if (rule != null) {
                // forward the messages before this one
                out.flush();
                if (rule.kind() == WireRule.Kind.CUT_REPLY) {
                    cutAt = request.exchange();
                }
                bytes = struck(rule, bytes);
                if (bytes == null) {
                    return;
                }
            }
            pass(bytes, out, in.available() == 0, Direction.TO_SERVER);
        }
    }

    private void fromServer() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
        OutputStream out = new BufferedOutputStream(client.getOutputStream());
        while (true) {
            Reply reply = protocol.reply(in);
            byte[] bytes = reply.bytes();
            if (reply.exchange() >= cutAt) {
                if (reply.last()) {
                    out.flush();
                    return;
                }
                continue;
            }
            WireRule rule = proxy.strike(reply.text(), true);
            if (rule != null) {
                out.flush();
                bytes = struck(rule, bytes);
                if (bytes == null) {
                    return;
                }
            }
            pass(bytes, out, in.available() == 0, Direction.TO_CLIENT);
        }
    }

    /** Applies the rule; returns the message to forward, or null if the connection breaks instead. */
    private byte[] struck(WireRule rule, byte[] message) {
        proxy.serve(rule);
        return switch (rule.kind()) {
            case CUT -> null;
            case REPLACE -> rule.replaced(message);
            default -> message;
        };
    }

    private void pass(byte[] message, OutputStream out, boolean flush, Direction direction) throws IOException {
        proxy.awaitFlow(direction, this);
        if (closed) {
            throw new EOFException("cut while a message was under way");
        }
        out.write(message);
        if (flush) {
            out.flush();
        }
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        proxy.ended(this);
        try (client;
                server) {
            // closes both
        } catch (IOException e) {
            // it is already closed
        }
    }
}
