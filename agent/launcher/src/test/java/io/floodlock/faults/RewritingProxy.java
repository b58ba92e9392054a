package io.floodlock.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Stands between applications and a server on the loopback address, and changes what the server says: a server of another
 * version can't be had where these tests run. Thread-safe.
 */
final class RewritingProxy implements AutoCloseable {

    private static final int LARGEST_READ = 1 << 16;

    private final ServerSocket listener;
    private final int server;
    private final String said;
    private final String heard;

    /**
     * @param said what the server says
     * @param heard what clients hear instead; of the same length, so that frames stay whole
     */
    RewritingProxy(int server, String said, String heard) {
        if (said.length() != heard.length()) {
            throw new IllegalArgumentException(said + " and " + heard + " differ in length");
        }
        this.server = server;
        this.said = said;
        this.heard = heard;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                start("to-server", () -> pump(client, upstream, false));
                start("to-client", () -> pump(upstream, client, true));
            } catch (IOException e) {
                // closed, or the server is away: the client sees its connection end
            }
        }
    }

    /** Bytes are seen as ISO 8859-1 text, so that nothing but what is meant changes. */
    private void pump(Socket from, Socket to, boolean rewrite) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[LARGEST_READ];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                out.write((rewrite ? text.replace(said, heard) : text).getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        } catch (IOException e) {
            // one side has gone, so the other goes
        }
    }

    private static void start(String what, Runnable task) {
        Thread thread = new Thread(task, "proxy-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
