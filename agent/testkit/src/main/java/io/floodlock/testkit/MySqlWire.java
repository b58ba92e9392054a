package io.floodlock.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The protocol of MySQL and MariaDB, without encryption and compression. A statement is the text of COM_QUERY, or the
 * prepared text that COM_STMT_EXECUTE names. The text of a reply is {@code OK}, {@code ROWS}, or the message of an
 * error.
 *
 * <p>The packet of a command has the number 0 and the first packet of its reply has the number 1, so replies are
 * separated without parsing results. Packet numbers are bytes: a result of 256 packets reaches 1 again, so a 1 counts
 * only while a command is unanswered. This is wrong only if a client sends further commands during such a result.
 */
final class MySqlWire implements WireProtocol {

    private static final int QUIT = 0x01;
    private static final int QUERY = 0x03;
    private static final int PREPARE = 0x16;
    private static final int EXECUTE = 0x17;
    private static final int SEND_LONG_DATA = 0x18;
    private static final int CLOSE = 0x19;

    private static final Set<Integer> UNANSWERED = Set.of(QUIT, SEND_LONG_DATA, CLOSE);

    /** The id with which MariaDB names the statement prepared last. */
    private static final int LATEST = -1;

    private final Map<Integer, String> prepared = new ConcurrentHashMap<>();
    private final Map<Long, String> preparing = new ConcurrentHashMap<>();
    private volatile long requested;
    private volatile String latest;
    private long replied;

    @Override
    public Request request(DataInputStream client) throws IOException {
        byte[] packet = packet(client);
        int command = packet.length > 4 ? packet[4] & 255 : QUIT;
        if (packet[3] != 0 || UNANSWERED.contains(command)) {
            return new Request(packet, null, -1);
        }
        long exchange = requested;
        String statement = switch (command) {
            case QUERY -> text(packet, 5);
            case PREPARE -> {
                latest = text(packet, 5);
                preparing.put(exchange, latest);
                yield null;
            }
            case EXECUTE -> {
                int id = number(packet, 5);
                yield id == LATEST ? latest : prepared.get(id);
            }
            default -> null;
        };
        requested = exchange + 1;
        return new Request(packet, statement, exchange);
    }

    @Override
    public Reply reply(DataInputStream server) throws IOException {
        byte[] packet = packet(server);
        if (packet[3] != 1 || replied == requested) {
            return new Reply(packet, null, replied - 1, false);
        }
        long exchange = replied++;
        int first = packet.length > 4 ? packet[4] & 255 : 0;
        String sql = preparing.remove(exchange);
        if (sql != null && first == 0) {
            prepared.put(number(packet, 5), sql);
        }
        String text = first == 0 ? "OK" : first == 255 ? text(packet, 7) : "ROWS";
        return new Reply(packet, text, exchange, true);
    }

    private static byte[] packet(DataInputStream in) throws IOException {
        byte[] head = new byte[4];
        in.readFully(head);
        int length = head[0] & 255 | (head[1] & 255) << 8 | (head[2] & 255) << 16;
        byte[] packet = new byte[length + 4];
        System.arraycopy(head, 0, packet, 0, 4);
        in.readFully(packet, 4, length);
        return packet;
    }

    private static int number(byte[] packet, int from) {
        return ByteBuffer.wrap(packet, from, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static String text(byte[] packet, int from) {
        return new String(packet, from, packet.length - from, StandardCharsets.UTF_8).strip();
    }
}
