package io.floodlock.weaver.log;

import io.floodlock.runtime.config.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * What happened, once. Immutable.
 *
 * @param time local, as the application's own log has it by default
 * @param thread on which it happened
 * @param throwable may be null
 */
record LogLine(LocalDateTime time, LogLevel level, String logger, String thread, String text, Throwable throwable) {

    static LogLine now(LogLevel level, String logger, String text, Throwable throwable) {
        return new LogLine(local(), level, logger, Thread.currentThread().getName(), text, throwable);
    }

    /** As {@code LocalDateTime.now()}, whose zone rules are dear to load while the JVM starts. */
    private static LocalDateTime local() {
        long millis = System.currentTimeMillis();
        long here = millis + TimeZone.getDefault().getOffset(millis);
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(here, 1_000L), (int) Math.floorMod(here, 1_000L) * 1_000_000, ZoneOffset.UTC);
    }

    /** {@code 2026-03-31 12:30:05.123 WARN floodlock [thread] text}, and the stack trace where there is one. */
    String print() {
        StringBuilder line = new StringBuilder(128).append(time.toLocalDate()).append(' ');
        // by hand, as a formatter of java.time is dear while the JVM starts
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
