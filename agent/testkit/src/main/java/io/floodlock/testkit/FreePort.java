package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

final class FreePort {

    private static final int MAX_CLUSTER_PORT = 55_536;

    private FreePort() {}

    /** One that leaves room for a second, ten thousand above, where a node of a cluster listens too. */
    static int forClusterNode() {
        while (true) {
            int port = onLoopback();
            if (port < MAX_CLUSTER_PORT) {
                return port;
            }
        }
    }

    static int onLoopback() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback address", e);
        }
    }
}
