package io.floodlock.runtime.redis.connection;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Detects a server that speaks TLS although floodlock.redis says redis://, or the reverse; {@link LiveConnection} asks
 * it after a failed attempt to connect. Redisson only reports a timeout: a plain server takes the TLS greeting for part
 * of a command and waits for the rest, and a TLS server waits for the rest of a greeting.
 */
final class TlsMismatch {

    /** An inline command. Redis replies to it, with an error if it requires a password. */
    private static final byte[] QUESTION = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int PATIENCE_MS = 1_000;

    private TlsMismatch() {}

    /**
     * Probes a server after a failed attempt to connect; blocks up to four seconds.
     *
     * @return the mistake with its remedy; null if there is none, or it can't be determined
     */
    static FloodlockFailure mistake(Settings settings) {
        if (settings.redisson().isPresent()) {
            return null;
        }
        URI url = settings.redis().get(0);
        boolean tls = url.getScheme().equals("rediss");
        String subject = "Redis at " + ClientConfig.bare(url);
        try {
            if (tls && speaksPlainly(url)) {
                return Failure.UNAVAILABLE.because(
                        subject + " doesn't speak TLS. Write redis:// in floodlock.redis, or enable TLS in Redis.");
            }
            if (!tls && !speaksPlainly(url) && speaksTls(url)) {
                return Failure.UNAVAILABLE.because(subject + " speaks TLS. Write rediss:// in floodlock.redis.");
            }
        } catch (IOException e) {
            // the server can't be reached at all
        }
        return null;
    }

    private static boolean speaksPlainly(URI url) throws IOException {
        try (Socket socket = connect(url)) {
            socket.getOutputStream().write(QUESTION);
            int first = socket.getInputStream().read();
            return first == '+' || first == '-';
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** An untrusted certificate proves TLS too. */
    private static boolean speaksTls(URI url) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (Socket socket = connect(url);
                SSLSocket secured = (SSLSocket) factory.createSocket(socket, url.getHost(), socket.getPort(), true)) {
            secured.startHandshake();
            return true;
        } catch (SSLException e) {
            return e.getCause() instanceof CertificateException;
        }
    }

    private static Socket connect(URI url) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(ClientConfig.server(url), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
