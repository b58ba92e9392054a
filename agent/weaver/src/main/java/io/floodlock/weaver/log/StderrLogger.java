package io.floodlock.weaver.log;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes {@code 12:30:05.123 WARN floodlock [thread] message}, each event at once, to standard error. Thread-safe. */
final class StderrLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;

    private final Level least;

    StderrLogger(String name, Level least) {
        this.name = name;
        this.least = least;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
        StringBuilder line = new StringBuilder()
                .append(LocalTime.now().truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(level)
                .append(" floodlock [")
                .append(Thread.currentThread().getName())
                .append("] ")
                .append(MessageFormatter.basicArrayFormat(pattern, arguments))
                .append(System.lineSeparator());
        if (throwable != null) {
            line.append(trace(throwable));
        }
        System.err.print(line);
        System.err.flush();
    }

    private static String trace(Throwable throwable) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        throwable.printStackTrace(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return logs(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return logs(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return logs(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return logs(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return logs(Level.ERROR);
    }

    private boolean logs(Level level) {
        return level.toInt() >= least.toInt();
    }
}
