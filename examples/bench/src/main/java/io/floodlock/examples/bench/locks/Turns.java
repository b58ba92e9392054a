package io.floodlock.examples.bench.locks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes a turn between two JVMs over a socket; the first JVM begins. Used by one thread in each JVM. */
final class Turns implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private boolean mine;

    Turns(int jvm, int port) throws IOException, InterruptedException {
        mine = jvm == 0;
        socket = mine ? accepted(port) : connected(port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    private static Socket accepted(int port) throws IOException {
        try (ServerSocket listening = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            listening.setSoTimeout(PATIENCE_MILLIS);
            return listening.accept();
        }
    }

    private static Socket connected(int port) throws IOException, InterruptedException {
        for (long end = System.currentTimeMillis() + PATIENCE_MILLIS; ; ) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (IOException e) {
                if (System.currentTimeMillis() > end) {
                    throw e;
                }
                Thread.sleep(10);
            }
        }
    }

    /** Waits for the turn; false if the other JVM has closed the connection. */
    boolean await() throws IOException {
        if (mine) {
            return true;
        }
        mine = socket.getInputStream().read() >= 0;
        return mine;
    }

    void pass() throws IOException {
        mine = false;
        try {
            socket.getOutputStream().write(1);
        } catch (IOException e) {
            // the other JVM has closed the connection; await() reports that
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
