package io.floodlock.weaver.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.config.LogLevel;
import io.floodlock.runtime.thread.AgentThreads;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Hands lines to the application's own logging, on a thread of the agent's.
 *
 * <p>Why a thread: lines are written by threads that load classes and hold a class loader's lock, and by those that renew
 * leases. The application's logging may load classes itself, wait for a disk or a socket, or block for good; on those threads
 * that would be a deadlock or a lost lease. So a writer only puts its line into a queue and never waits.
 *
 * <pre>
 * state                                         a line goes
 * the application's logging has not begun       to standard error
 * it has begun                                  there, in order; its configuration decides what becomes of it
 * it refuses even errors of that logger         to standard error (Spring Boot's does while it starts)
 * {@value #MOST} lines wait                               to standard error, at once
 * the JVM ends                                  those that wait: there, for up to 2 s; later ones: to standard error, as the
 *                                               application's logging may have ended
 * </pre>
 *
 * So no line is dropped unless the application's configuration says so. The thread begins with the first line. Thread-safe.
 */
final class Slf4jTarget implements LogTarget {

    static final int MOST = 1_000;
    private static final long LAST_MILLIS = 2_000;

    /** Ends the thread. */
    private static final LogLine LAST = LogLine.now(LogLevel.DEBUG, "", "", null);

    private final BlockingQueue<LogLine> waiting = new LinkedBlockingQueue<>(MOST);
    private final Predicate<LogLine> application;
    private final LogTarget otherwise;

    /** Guarded by this; null before the first line. */
    @GuardedBy("this")
    private Thread thread;

    private volatile boolean ending;

    /** @param application takes a line, or says that it doesn't; may block */
    Slf4jTarget(Predicate<LogLine> application, LogTarget otherwise) {
        this.application = application;
        this.otherwise = otherwise;
    }

    @Override
    public void write(LogLine line) {
        if (ending || !isRunning() || !waiting.offer(line)) {
            otherwise.write(line);
        } else if (ending) {
            // it may have come after the last look
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
            // nobody does that
        }
    }

    private void hand(LogLine line) {
        if (!application.test(line)) {
            otherwise.write(line);
        }
    }

    /** No interrupt, as one would close a file of the application's logging. */
    private void end() {
        ending = true;
        try {
            if (waiting.offer(LAST, LAST_MILLIS, TimeUnit.MILLISECONDS)) {
                started().join(LAST_MILLIS);
            }
        } catch (InterruptedException atOnce) {
            // what is left goes to standard error
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
