package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** What a {@link StallLog} has written. */
public final class LogLines extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;

    private final List<String> written = new CopyOnWriteArrayList<>();

    public StallLog stallLog() {
        return new StallLog(this, System::nanoTime);
    }

    public List<String> written() {
        return written;
    }

    /** Waits for a line that has all these parts; each line is written once for each stall. */
    public String await(String... parts) {
        Await.until(
                () -> "a line with " + List.of(parts) + " among " + written,
                Duration.ofSeconds(30),
                () -> find(parts) != null);
        return find(parts);
    }

    private String find(String... parts) {
        return written.stream()
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .findFirst()
                .orElse(null);
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
        written.add(level + " " + MessageFormatter.basicArrayFormat(message, arguments));
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
