package io.floodlock.weaver.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.config.LogLevel;
import io.floodlock.runtime.thread.AgentThreads;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Passes lines to the application's own logging, on a thread of the agent.
 *
 * <p>Why a separate thread: lines are written by threads that load classes while holding a class loader's lock, and
 * by threads that renew leases. The application's logging may load classes itself, wait for a disk or a socket, or
 * block forever. On those threads this would cause a deadlock or a lost lease. A writer therefore only puts its line
 * into a queue and never waits.
 *
 * <pre>
 * state                                         destination of a line
 * the application's logging has not started     standard error
 * it has started                                the application's logging, in order; its configuration applies
 * it rejects even errors of that logger         standard error (Spring Boot's logging does so while it starts)
 * {@value #MOST} lines are queued                         standard error, at once
 * the JVM shuts down                            queued lines: the application's logging, for up to 2 s, then standard
 *                                               error; later lines: standard error, because the application's logging
 *                                               may have shut down
 * </pre>
 *
 * <p>No line is dropped unless the application's configuration says so. The thread starts with the first line.
 * Thread-safe.
 */
final class Slf4jTarget implements LogTarget {

    static final int MOST = 1_000;
    private static final long LAST_MILLIS = 2_000;

    /** Marker that ends the thread. */
    private static final LogLine LAST = LogLine.now(LogLevel.DEBUG, "", "", null);

    private final BlockingQueue<LogLine> waiting = new LinkedBlockingQueue<>(MOST);
    private final Predicate<LogLine> application;
    private final LogTarget otherwise;

    /** Null before the first line. */
    @GuardedBy("this")
    private Thread thread;

    private volatile boolean ending;

    /**
     * @param application writes a line, or returns false; it may block
     * @param otherwise receives the lines that the application does not write
     */
    Slf4jTarget(Predicate<LogLine> application, LogTarget otherwise) {
        this.application = application;
        this.otherwise = otherwise;
    }

    @Override
    public void write(LogLine line) {
        if (ending || !isRunning() || !waiting.offer(line)) {
            otherwise.write(line);
        } else if (ending) {
            // the line may have been queued after the shutdown hook emptied the queue
            drain();
        }
    }

    private synchronized boolean isRunning() {
        if (thread == null) {
            try {
                Runtime.getRuntime().addShutdownHook(AgentThreads.daemon("floodlock-log-end", this::end));
                Thread made = AgentThreads.daemon("floodlock-log", this::run);
                made.start();
                thread = made;
            } catch (IllegalStateException | OutOfMemoryError ended) {
                ending = true;
            }
        }
        return thread != null;
    }

    private void run() {
        try {
            for (LogLine line = waiting.take(); line != LAST; line = waiting.take()) {
                hand(line);
            }
        } catch (InterruptedException end) {
            // no code interrupts this thread
        }
    }

    private void hand(LogLine line) {
        if (!application.test(line)) {
            otherwise.write(line);
        }
    }

    /**
     * The shutdown hook: lets the thread finish, then writes the remaining lines to the fallback target. It does not
     * interrupt the thread, because an interrupt would close a file that the application's logging is writing to.
     */
    private void end() {
        ending = true;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_MILLIS);
        try {
            if (waiting.offer(LAST, LAST_MILLIS, TimeUnit.MILLISECONDS)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                // 0 would mean for ever
                started().join(Math.max(1, left));
            }
        } catch (InterruptedException atOnce) {
            // the remaining lines go to the fallback target
        }
        drain();
    }

    private synchronized Thread started() {
        return thread;
    }

    private void drain() {
        for (LogLine line = waiting.poll(); line != null; line = waiting.poll()) {
            if (line != LAST) {
                otherwise.write(line);
            }
        }
    }
}
