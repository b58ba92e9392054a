package io.floodlock.weaver.log;

import io.floodlock.runtime.config.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * One line of the log. Immutable.
 *
 * @param time local time, which is also the default of application logs
 * @param thread name of the thread that logged the line
 * @param throwable may be null
 */
record LogLine(LocalDateTime time, LogLevel level, String logger, String thread, String text, Throwable throwable) {

    static LogLine now(LogLevel level, String logger, String text, Throwable throwable) {
        return new LogLine(local(), level, logger, Thread.currentThread().getName(), text, throwable);
    }

    /**
     * The result of {@code LocalDateTime.now()}, without its zone rules, which are expensive to load while the JVM
     * starts.
     */
    private static LocalDateTime local() {
        long millis = System.currentTimeMillis();
        long here = millis + TimeZone.getDefault().getOffset(millis);
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(here, 1_000L), (int) Math.floorMod(here, 1_000L) * 1_000_000, ZoneOffset.UTC);
    }

    /**
     * {@code 2026-03-31 12:30:05.123 WARN floodlock [thread] text}, followed by the stack trace if there is a
     * throwable.
     */
    String print() {
        StringBuilder line = new StringBuilder(128).append(time.toLocalDate()).append(' ');
        // formatted by hand, because a java.time formatter is expensive while the JVM starts
        digits(line, time.getHour(), 2).append(':');
        digits(line, time.getMinute(), 2).append(':');
        digits(line, time.getSecond(), 2).append('.');
        digits(line, time.getNano() / 1_000_000, 3);
        line.append(' ')
                .append(level)
                .append(" floodlock [")
                .append(thread)
                .append("] ")
                .append(text)
                .append(System.lineSeparator());
        if (throwable != null) {
            line.append(trace(throwable));
        }
        return line.toString();
    }

    private static StringBuilder digits(StringBuilder line, int number, int width) {
        String text = Integer.toString(number);
        return line.append("000", 0, width - text.length()).append(text);
    }

    private static String trace(Throwable throwable) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        throwable.printStackTrace(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
