package io.floodlock.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The protocols of Redis: RESP2 and RESP3. A statement consists of a command's arguments, separated by blanks; the
 * digest of a script is replaced by its text if the text has passed through the proxy. The text of a reply is the
 * unchanged frame, as ISO 8859-1.
 */
final class Resp implements WireProtocol {

    /** Commands whose replies look like pushes. */
    private static final Set<String> SUBSCRIBING =
            Set.of("SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE", "SUNSUBSCRIBE");

    private static final Set<String> PUSHED = Set.of(
            "message",
            "pmessage",
            "smessage",
            "subscribe",
            "unsubscribe",
            "psubscribe",
            "punsubscribe",
            "ssubscribe",
            "sunsubscribe");

    private final Map<String, String> scripts;
    private long requests;
    private long replies;

    /** @param scripts the scripts seen so far, by digest; shared by the connections of a proxy */
    Resp(Map<String, String> scripts) {
        this.scripts = scripts;
    }

    static Map<String, String> scripts() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public Request request(DataInputStream client) throws IOException {
        Frame frame = new Frame(client);
        List<String> words = frame.words;
        String command = words.isEmpty() ? "" : words.get(0).toUpperCase(Locale.ROOT);
        long exchange = SUBSCRIBING.contains(command) ? -1 : requests++;
        return new Request(frame.bytes(), statement(command, words), exchange);
    }

    private String statement(String command, List<String> words) {
        if (command.equals("EVAL") && words.size() > 1) {
            learn(words.get(1));
        } else if (command.equals("SCRIPT") && words.size() > 2 && words.get(1).equalsIgnoreCase("LOAD")) {
            learn(words.get(2));
        } else if (command.equals("EVALSHA") && words.size() > 1) {
            words.set(1, scripts.getOrDefault(words.get(1), words.get(1)));
        }
        return String.join(" ", words);
    }

    private void learn(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(script.getBytes(StandardCharsets.ISO_8859_1));
            scripts.putIfAbsent(HexFormat.of().formatHex(digest), script);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Reply reply(DataInputStream server) throws IOException {
        Frame frame = new Frame(server);
        boolean pushed =
                frame.type == '>' || frame.type == '*' && !frame.words.isEmpty() && PUSHED.contains(frame.words.get(0));
        byte[] bytes = frame.bytes();
        return new Reply(bytes, new String(bytes, StandardCharsets.ISO_8859_1), pushed ? -1 : replies++, true);
    }

    /** One value with all values inside it. */
    private static final class Frame {

        private final DataInputStream in;
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream(256);
        private final List<String> words = new ArrayList<>();
        private final int type;

        Frame(DataInputStream in) throws IOException {
            this.in = in;
            type = value();
        }

        private int value() throws IOException {
            String line = line();
            int kind = line.isEmpty() ? 0 : line.charAt(0);
            switch (kind) {
                case '$', '=', '!' -> bulk(Integer.parseInt(line.substring(1)));
                case '*', '>', '~' -> values(Integer.parseInt(line.substring(1)));
                case '%' -> values(2 * Integer.parseInt(line.substring(1)));
                case '|' -> {
                    values(2 * Integer.parseInt(line.substring(1)));
                    value();
                }
                case '+', '-', ':', '_', ',', '#', '(' -> words.add(line.substring(1));
                // an inline command
                default -> words.addAll(List.of(line.split(" ")));
            }
            return kind;
        }

        private void values(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                value();
            }
        }

        private void bulk(int length) throws IOException {
            if (length < 0) {
                return;
            }
            byte[] body = new byte[length + 2];
            in.readFully(body);
            raw.writeBytes(body);
            words.add(new String(body, 0, length, StandardCharsets.ISO_8859_1));
        }

        private String line() throws IOException {
            StringBuilder text = new StringBuilder();
            for (int c = read(); c != '\n'; c = read()) {
                if (c != '\r') {
                    text.append((char) c);
                }
            }
            return text.toString();
        }

        private int read() throws IOException {
            int c = in.read();
            if (c < 0) {
                throw new EOFException();
            }
            raw.write(c);
            return c;
        }

        byte[] bytes() {
            return raw.toByteArray();
        }
    }
}
