package io.floodlock.runtime.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is logged, and how often, about accepted work that does not go on: a prepared branch that nobody may finish, a
 * rule that matches nothing, a server that can't be reached. Every part of the agent reports here, each time it finds that the
 * work still stands; the log then has one line per stall and one when it ends.
 *
 * <pre>
 * subject        report                    log
 * unknown        stalled                   WARN: subject, cause, remedy
 * stalled        stalled, same cause       nothing
 * stalled        stalled, another cause    WARN again, at most each 10 s for one subject
 * stalled        resumed                   INFO: subject, how long it stood
 * unknown        resumed                   nothing
 * </pre>
 *
 * More than {@value #LINES} WARN lines within 10 s are counted instead of written. A subject that was only counted is written
 * at a later report, so reporters repeat their reports, at least each 5 s, for as long as the stall lasts. At most {@value
 * #SUBJECTS} subjects are remembered; reports of further ones are only counted. Texts may hold keys and ids, and never
 * passwords or payloads. Thread-safe; writes on the reporter's thread.
 */
public final class StallLog {

    static final int LINES = 20;
    static final int SUBJECTS = 1_000;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final StallLog SHARED = new StallLog(LoggerFactory.getLogger(StallLog.class), System::nanoTime);

    private final Logger log;
    private final LongSupplier nanoTime;

    /** Guarded by this. */
    @GuardedBy("this")
    private final Map<String, Stall> stalls = new HashMap<>();

    @GuardedBy("this")
    private long windowBegan;

    @GuardedBy("this")
    private int lines;

    @GuardedBy("this")
    private int counted;

    /** @param nanoTime as System.nanoTime */
    public StallLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.windowBegan = nanoTime.getAsLong();
    }

    /** The one of this JVM. */
    public static StallLog shared() {
        return SHARED;
    }

    /**
     * Reports that something does not go on.
     *
     * @param subject what, with its key or id; the same text at every report and in {@link #resumed}
     * @param cause why; a text that does not change from report to report, so no ages and no counters
     * @param remedy what the operator can do, or what Floodlock goes on trying
     */
    public synchronized void stalled(String subject, String cause, String remedy) {
        long now = nanoTime.getAsLong();
        nextWindow(now);
        Stall stall = stalls.get(subject);
        if (stall == null) {
            if (stalls.size() >= SUBJECTS) {
                counted++;
                return;
            }
            stall = new Stall(now);
            stalls.put(subject, stall);
        }
        if (cause.equals(stall.cause) || stall.cause != null && now - stall.written < WINDOW_NANOS) {
            return;
        }
        if (lines >= LINES) {
            counted++;
            return;
        }
        lines++;
        stall.cause = cause;
        stall.written = now;
        log.warn("{} does not go on: {}. {}", subject, cause, remedy);
    }

    /** Reports that it goes on, or has ended. */
    public synchronized void resumed(String subject) {
        Stall stall = stalls.remove(subject);
        if (stall != null && stall.cause != null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - stall.began);
            log.info("{} goes on, after {} ms", subject, millis);
        }
    }

    @GuardedBy("this")
    private void nextWindow(long now) {
        if (now - windowBegan < WINDOW_NANOS) {
            return;
        }
        if (counted > 0) {
            log.warn("{} more reports of work that does not go on were not written in the last 10 s", counted);
        }
        windowBegan = now;
        lines = 0;
        counted = 0;
    }

    private static final class Stall {

        final long began;
        /** As last written; null before that. */
        String cause;

        long written;

        Stall(long began) {
            this.began = began;
        }
    }
}
