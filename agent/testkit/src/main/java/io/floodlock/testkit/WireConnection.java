package io.floodlock.testkit;

import io.floodlock.testkit.WireProxy.Fault;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * One connection through a {@link WireProxy}. Passes on PostgreSQL's messages whole, and reads of them what tells statements:
 * the texts of Query and Parse, and the names that Bind calls earlier texts by.
 */
final class WireConnection {

    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final WireProxy proxy;
    private final Socket client;
    private final Socket server;
    private final Map<String, String> named = new HashMap<>();
    private volatile boolean dropReply;

    WireConnection(WireProxy proxy, Socket client, Socket server) throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        start("client", this::fromClient);
    }

    private void start(String side, Relay relay) {
        Thread thread = new Thread(
                () -> {
                    try {
                        relay.run();
                    } catch (IOException e) {
                        // either side has ended
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
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
        startUp(in, out);
        start("server", this::fromServer);
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = body(in);
            String statement = statement(type, body);
            Fault fault = statement == null ? null : proxy.strike(statement);
            if (fault != null) {
                switch (fault.kind()) {
                    case CUT_BEFORE -> {
                        return;
                    }
                    case CUT_REPLY -> dropReply = true;
                    case HOLD -> fault.held().block();
                }
            }
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    /** Before the messages with a type: requests to encrypt, which the server declines with one byte, then the start itself. */
    private void startUp(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte[] body = body(in);
            out.writeInt(body.length + 4);
            out.write(body);
            out.flush();
            int code = body.length < 4
                    ? 0
                    : (body[0] & 255) << 24 | (body[1] & 255) << 16 | (body[2] & 255) << 8 | body[3] & 255;
            if (code != SSL_REQUEST && code != GSS_REQUEST) {
                return;
            }
            client.getOutputStream().write(server.getInputStream().read());
        }
    }

    private static byte[] body(DataInputStream in) throws IOException {
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return body;
    }

    private String statement(int type, byte[] body) {
        switch (type) {
            case 'Q' -> {
                return text(body, 0);
            }
            case 'P' -> {
                String name = text(body, 0);
                String sql = text(body, length(body, 0) + 1);
                named.put(name, sql);
                return null;
            }
            case 'B' -> {
                return named.get(text(body, length(body, 0) + 1));
            }
            default -> {
                return null;
            }
        }
    }

    private static String text(byte[] body, int from) {
        return new String(body, from, length(body, from) - from, StandardCharsets.UTF_8).strip();
    }

    /** Where the text that begins there ends. */
    private static int length(byte[] body, int from) {
        int end = from;
        while (body[end] != 0) {
            end++;
        }
        return end;
    }

    private void fromServer() throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = body(in);
            if (dropReply) {
                if (type == 'Z') {
                    return;
                }
                continue;
            }
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    void close() {
        proxy.ended(this);
        try (client;
                server) {
            // both
        } catch (IOException e) {
            // closed already
        }
    }
}
