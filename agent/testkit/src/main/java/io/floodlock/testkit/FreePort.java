package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A port is free when it is returned, and another process may take it before its server listens. JVMs that test side by side
 * don't take each other's ports: two of them, numbered by a system property, take different halves.
 */
final class FreePort {

    static final String JVM = "floodlock.test.jvm";

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
        Integer jvm = Integer.getInteger(JVM);
        while (true) {
            int port = any();
            if (jvm == null || port / 2 % 2 == jvm % 2) {
                return port;
            }
        }
    }

    private static int any() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback address", e);
        }
    }
}
