package io.floodlock.examples.chaos;

import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Renews the lease of a JVM outside the crowd repeatedly and measures the time. For comparison it also measures a
 * request to an otherwise unused Redis, which is the time that this machine needs for any request. Not thread-safe,
 * except for the measured times.
 */
final class Renewals implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

    private final CrowdJvm jvm;
    private final Socket idle;
    private final List<Long> renewed = new ArrayList<>();
    private final List<Long> pinged = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "renewals");
    private volatile boolean ended;
    private long count;

    Renewals(Crowd crowd, RedisServer idle) throws IOException {
        this.idle = new Socket(InetAddress.getLoopbackAddress(), idle.port());
        this.idle.setTcpNoDelay(true);
        jvm = crowd.join();
        jvm.enter("another", leave -> {});
        thread.start();
    }

    /** The measured times in milliseconds. */
    record Figures(double p50, double p99, double idleP99) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "p50 %.1f ms, p99 %.1f ms (an idle Redis answers within %.1f ms)", p50, p99, idleP99);
        }
    }

    synchronized void begin() {
        renewed.clear();
        pinged.clear();
    }

    synchronized Figures figures() {
        return new Figures(millis(renewed, 0.5), millis(renewed, 0.99), millis(pinged, 0.99));
    }

    synchronized long count() {
        return count;
    }

    private static double millis(List<Long> nanos, double share) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) (share * (sorted.size() - 1))) / 1e6;
    }

    private void run() {
        try {
            while (!ended) {
                LockSupport.parkNanos(PAUSE_NANOS);
                long from = System.nanoTime();
                // a failed renewal counts too
                jvm.renewed().handle((answer, failure) -> null).join();
                long between = System.nanoTime();
                ping();
                take(between - from, System.nanoTime() - between);
            }
        } catch (IOException | RuntimeException e) {
            if (!ended) {
                throw new IllegalStateException("a renewal failed", e);
            }
        }
    }

    private void ping() throws IOException {
        idle.getOutputStream().write(PING);
        InputStream in = idle.getInputStream();
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                throw new IOException("the idle Redis has closed the connection");
            }
        }
    }

    private synchronized void take(long renewal, long ping) {
        renewed.add(renewal);
        pinged.add(ping);
        count++;
    }

    /** Stops renewing and ends the JVM in order. */
    void end() {
        stop();
        jvm.end();
    }

    private void stop() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        idle.close();
    }
}
