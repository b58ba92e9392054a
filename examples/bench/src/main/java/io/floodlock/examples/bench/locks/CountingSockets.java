package io.floodlock.examples.bench.locks;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;
import javax.net.SocketFactory;

/**
 * Sockets for PostgreSQL's driver that count round trips on the wire: each change from writing to reading is one.
 * Only threads in a transaction are counted. A pool's own work, such as opening connections and checking idle ones,
 * depends on time, and would count more for the slower of two variants.
 */
public final class CountingSockets extends SocketFactory {

    static final LongAdder ROUND_TRIPS = new LongAdder();

    private static final ThreadLocal<Boolean> IN_TRANSACTION = new ThreadLocal<>();

    /** Counts the round trips of this thread from now on. */
    static void begin() {
        IN_TRANSACTION.set(true);
    }

    static void end() {
        IN_TRANSACTION.remove();
    }

    @Override
    public Socket createSocket() {
        return new Counting();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return createSocket(host.getHostName(), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        return createSocket(host, port);
    }

    private static final class Counting extends Socket {

        private volatile boolean written;

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    written = true;
                    out.write(bytes, from, length);
                }

                @Override
                public void write(int one) throws IOException {
                    written = true;
                    out.write(one);
                }
            };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    turn();
                    return in.read(bytes, from, length);
                }

                @Override
                public int read() throws IOException {
                    turn();
                    return in.read();
                }
            };
        }

        private void turn() {
            if (written) {
                written = false;
                if (IN_TRANSACTION.get() != null) {
                    ROUND_TRIPS.increment();
                }
            }
        }
    }
}
