package io.floodlock.runtime.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when to log that accepted work makes no progress: a prepared branch that no role may finish, a rule that
 * matches nothing, a server that can't be reached. Every part of the agent reports here each time it finds the work
 * still stalled. The log then has one line per stall, and one line when it ends.
 *
 * <pre>
 * subject        report                    log
 * unknown        stalled                   WARN: subject, cause, remedy
 * stalled        stalled, same cause       nothing
 * stalled        stalled, another cause    WARN again, at most every 10 s for one subject
 * stalled        resumed                   INFO: subject, duration of the stall
 * unknown        resumed                   nothing
 * </pre>
 *
 * <p>More than {@value #LINES} WARN lines within 10 s are counted and not written. A subject that was only counted is
 * written at a later report. So reporters repeat their reports at least every 5 s for as long as the stall lasts. At
 * most {@value #SUBJECTS} subjects are remembered; reports of further subjects are only counted. Texts may contain
 * keys and ids, but never passwords or payloads. Thread-safe; writes on the reporter's thread.
 */
public final class StallLog {

    static final int LINES = 20;
    static final int SUBJECTS = 1_000;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final StallLog SHARED = new StallLog(LoggerFactory.getLogger(StallLog.class), System::nanoTime);

    private final Logger log;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Map<String, Stall> stalls = new HashMap<>();

    @GuardedBy("this")
    private long windowBegan;

    @GuardedBy("this")
    private int lines;

    @GuardedBy("this")
    private int counted;

    /** @param nanoTime a clock like {@code System.nanoTime} */
    public StallLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.windowBegan = nanoTime.getAsLong();
    }

    /** The instance that all parts of the agent in this JVM share. */
    public static StallLog shared() {
        return SHARED;
    }

    /**
     * Reports that work makes no progress.
     *
     * @param subject the work, with its key or id; the same text in every report and in {@link #resumed}
     * @param cause the reason; a text that stays the same from report to report, so without ages and counters
     * @param remedy what the operator can do, or what Floodlock keeps trying
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
        log.warn("{} is stalled: {}. {}", subject, cause, remedy);
    }

    /** Reports that the work makes progress again, or has ended. */
    public synchronized void resumed(String subject) {
        Stall stall = stalls.remove(subject);
        if (stall != null && stall.cause != null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - stall.began);
            log.info("{} continues after {} ms", subject, millis);
        }
    }

    @GuardedBy("this")
    private void nextWindow(long now) {
        if (now - windowBegan < WINDOW_NANOS) {
            return;
        }
        if (counted > 0) {
            log.warn("{} more reports of stalled work were not written in the last 10 s", counted);
        }
        windowBegan = now;
        lines = 0;
        counted = 0;
    }

    private static final class Stall {

        final long began;
        /** The cause as last written; null before the first line. */
        String cause;

        long written;

        Stall(long began) {
            this.began = began;
        }
    }
}
