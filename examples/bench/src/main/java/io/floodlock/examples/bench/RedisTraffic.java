package io.floodlock.examples.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the commands that clients send to Redis and the commands that Redis runs for them, by Redis's MONITOR.
 * MONITOR slows Redis down, so this class is not for timed runs. Unlike commandstats, MONITOR distinguishes commands
 * that scripts run from calls of clients.
 */
final class RedisTraffic implements AutoCloseable {

    private final Socket socket;
    private final Thread reader;
    private final Map<String, Long> byCommand = new TreeMap<>();
    private long calls;
    private long commands;

    /** Counts from now on. */
    RedisTraffic(String redisUrl) throws IOException {
        URI uri = URI.create(redisUrl);
        socket = new Socket(uri.getHost(), uri.getPort());
        BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 1 << 20);
        socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
        String answer = in.readLine();
        if (!"+OK".equals(answer)) {
            throw new IOException("MONITOR: " + answer);
        }
        reader = new Thread(() -> read(in), "bench-monitor");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Each line is {@code +1339518083.107412 [0 127.0.0.1:60866] "keys" "*"}, with {@code [0 lua]} if a script runs
     * the command.
     */
    private void read(BufferedReader in) {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                count(line);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private synchronized void count(String line) {
        int name = line.indexOf("] \"") + 3;
        if (name < 3) {
            return;
        }
        commands++;
        boolean inScript = line.startsWith(" lua", line.indexOf('[') + 2);
        if (!inScript) {
            calls++;
        }
        String command = line.substring(name, line.indexOf('"', name)).toLowerCase(java.util.Locale.ROOT);
        byCommand.merge(inScript ? "script:" + command : command, 1L, Long::sum);
    }

    /** Commands that arrived from clients. */
    synchronized long calls() {
        return calls;
    }

    /** Commands that ran, commands of scripts included. */
    synchronized long commands() {
        return commands;
    }

    /** Counts by command name; names of commands that a script ran begin with {@code script:}. */
    synchronized Map<String, Long> byCommand() {
        return Map.copyOf(byCommand);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
