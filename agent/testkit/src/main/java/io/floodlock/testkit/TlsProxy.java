package io.floodlock.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A TLS proxy for a server without TLS. Its certificate, by default for 127.0.0.1 and localhost, is signed by a
 * separate certificate authority. Thread-safe.
 */
public final class TlsProxy implements AutoCloseable {

    /** The password of {@link #trustStore()}. */
    public static final String PASSWORD = "change-it";

    private final Path folder = TempFolder.create("tls");
    private final int target;
    private final SSLServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** A proxy on a free loopback port for the server on the given port. */
    public static TlsProxy to(int port) {
        return new TlsProxy(port, "ip:127.0.0.1,dns:localhost");
    }

    /** As {@link #to}, with a certificate for this host name only. */
    public static TlsProxy named(String host, int port) {
        return new TlsProxy(port, "dns:" + host);
    }

    private TlsProxy(int target, String names) {
        this.target = target;
        try {
            makeCertificates(names);
            listening = (SSLServerSocket)
                    context().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException | GeneralSecurityException e) {
            TempFolder.delete(folder);
            throw new IllegalStateException("no TLS proxy for port " + target, e);
        }
        start("accept", this::accept);
    }

    private void makeCertificates(String names) throws IOException {
        String keys = folder.resolve("keys.p12").toString();
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c", "-keystore", keys);
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-signer",
                "ca",
                "-dname",
                "CN=server",
                "-ext",
                "san=" + names,
                "-keystore",
                keys);
        String ca = folder.resolve("ca.pem").toString();
        keytool("-exportcert", "-rfc", "-alias", "ca", "-file", ca, "-keystore", keys);
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "ca",
                "-file",
                ca,
                "-keystore",
                trustStore().toString());
    }

    private static void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + "\n" + output);
            }
        } catch (InterruptedException e) {
            throw Interrupts.restored("making a certificate", e);
        }
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        // the authority only signs; it is no certificate of the proxy
        store.deleteEntry("ca");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** The authority's certificate, in a PKCS#12 store for {@code javax.net.ssl.trustStore}. */
    public Path trustStore() {
        return folder.resolve("trust.p12");
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            sockets.add(client);
            try {
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                start("in", () -> copy(client, server));
                start("out", () -> copy(server, client));
            } catch (IOException e) {
                client.close();
            }
        }
    }

    private void copy(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private interface Relay {
        void run() throws IOException;
    }

    private static void start(String what, Relay relay) {
        Thread thread = new Thread(
                () -> {
                    try {
                        relay.run();
                    } catch (IOException e) {
                        // one side has closed its connection
                    }
                },
                "floodlock-testkit-tls-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("TLS proxy on port " + port(), e);
        } finally {
            TempFolder.delete(folder);
        }
    }
}
