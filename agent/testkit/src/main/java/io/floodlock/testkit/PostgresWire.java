package io.floodlock.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * PostgreSQL's protocol, version 3. A statement is the text of a Query, or the parsed text that a Bind names. The
 * text of a reply is the tag of a CommandComplete, as {@code UPDATE 1}, or the message of an ErrorResponse.
 */
final class PostgresWire implements WireProtocol {

    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final Map<String, String> named = new HashMap<>();

    /** An exchange ends with ReadyForQuery; the first exchange is the startup. */
    private long requested = 1;

    private long replied;

    /** Forwards requests for encryption, which the server declines with one byte, and then the startup message. */
    @Override
    public void open(InputStream client, OutputStream toClient, InputStream server, OutputStream toServer)
            throws IOException {
        DataInputStream in = new DataInputStream(client);
        while (true) {
            byte[] body = new byte[in.readInt() - 4];
            in.readFully(body);
            toServer.write(ByteBuffer.allocate(body.length + 4)
                    .putInt(body.length + 4)
                    .put(body)
                    .array());
            toServer.flush();
            int code = body.length < 4 ? 0 : ByteBuffer.wrap(body).getInt();
            if (code != SSL_REQUEST && code != GSS_REQUEST) {
                return;
            }
            toClient.write(server.read());
            toClient.flush();
        }
    }

    @Override
    public Request request(DataInputStream client) throws IOException {
        byte[] message = message(client);
        Request request = new Request(message, statement(message), requested);
        if (message[0] == 'Q' || message[0] == 'S' || message[0] == 'F') {
            requested++;
        }
        return request;
    }

    private String statement(byte[] message) {
        switch (message[0]) {
            case 'Q' -> {
                return text(message, 5);
            }
            case 'P' -> {
                named.put(text(message, 5), text(message, end(message, 5) + 1));
                return null;
            }
            case 'B' -> {
                return named.get(text(message, end(message, 5) + 1));
            }
            default -> {
                return null;
            }
        }
    }

    @Override
    public Reply reply(DataInputStream server) throws IOException {
        byte[] message = message(server);
        String text = switch (message[0]) {
            case 'C' -> text(message, 5);
            case 'E' -> new String(message, 5, message.length - 5, StandardCharsets.UTF_8).replace('\0', ' ');
            default -> null;
        };
        boolean last = message[0] == 'Z';
        return new Reply(message, text, last ? replied++ : replied, last);
    }

    private static byte[] message(DataInputStream in) throws IOException {
        byte type = in.readByte();
        int length = in.readInt();
        byte[] message = new byte[length + 1];
        ByteBuffer.wrap(message).put(type).putInt(length);
        in.readFully(message, 5, length - 4);
        return message;
    }

    private static String text(byte[] message, int from) {
        return new String(message, from, end(message, from) - from, StandardCharsets.UTF_8).strip();
    }

    /** The index of the 0 that ends the text. */
    private static int end(byte[] message, int from) {
        int end = from;
        while (message[end] != 0) {
            end++;
        }
        return end;
    }
}
