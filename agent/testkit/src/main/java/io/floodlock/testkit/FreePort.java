package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Finds free ports. A port is free when it is returned, but another process may take it before its server listens.
 * Test JVMs that run at the same time do not take each other's ports: two JVMs, numbered by a system property, use
 * different halves of the ports.
 */
final class FreePort {

    static final String JVM = "floodlock.test.jvm";

    /** From a cluster node's port to that of its bus. */
    private static final int BUS = 10_000;

    private static final int MAX_PORT = 65_535;

    private FreePort() {}

    /** A port for which the port ten thousand above it is free too: a node of a cluster listens on both. */
    static int forClusterNode() {
        while (true) {
            int port = onLoopback();
            if (port <= MAX_PORT - BUS && isFree(port + BUS)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
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
