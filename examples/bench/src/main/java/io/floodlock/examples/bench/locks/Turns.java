package io.floodlock.examples.bench.locks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two JVMs tell each other over a socket whose turn it is; the first begins. For one thread in each. */
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

    /** False if the other has gone. */
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
            // the other has gone; await() says so
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
