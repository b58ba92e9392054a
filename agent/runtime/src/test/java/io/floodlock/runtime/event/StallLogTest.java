package io.floodlock.runtime.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class StallLogTest {

    private final Lines lines = new Lines();
    private long millis = -5_000;
    private final StallLog stalls = new StallLog(lines, () -> TimeUnit.MILLISECONDS.toNanos(millis));

    @Test
    void aStallIsSaidOnceAndOnceMoreWhenItEnds() {
        stalls.stalled("branch b1", "its owner is another role", "Connect as that role.");
        later(5_000);
        stalls.stalled("branch b1", "its owner is another role", "Connect as that role.");
        later(60_000);
        stalls.stalled("branch b1", "its owner is another role", "Connect as that role.");
        stalls.resumed("branch b1");
        stalls.resumed("branch b1");

        lines.are(
                "WARN branch b1 is stalled: its owner is another role. Connect as that role.",
                "INFO branch b1 continues after 65000 ms");
    }

    @Test
    void aStallAfterAnEndIsSaidAgain() {
        stalls.stalled("redis", "refused", "Start it.");
        stalls.resumed("redis");
        stalls.stalled("redis", "refused", "Start it.");

        assertEquals(3, lines.written.size(), lines.written.toString());
    }

    @Test
    void anotherCauseIsSaidButNotOftenerThanEachTenSeconds() {
        stalls.stalled("redis", "refused", "Start it.");
        stalls.stalled("redis", "wrong password", "Set it.");
        assertEquals(1, lines.written.size(), lines.written.toString());

        later(10_000);
        stalls.stalled("redis", "wrong password", "Set it.");
        lines.are("WARN redis is stalled: refused. Start it.", "WARN redis is stalled: wrong password. Set it.");
    }

    @Test
    void aFloodIsCountedAndWhatWasOnlyCountedIsSaidLater() {
        for (int i = 0; i < StallLog.LINES + 3; i++) {
            stalls.stalled("key " + i, "no target", "Deploy it.");
        }
        assertEquals(StallLog.LINES, lines.written.size());

        later(10_000);
        stalls.stalled("key " + StallLog.LINES, "no target", "Deploy it.");
        lines.end(
                "WARN 3 more reports of stalled work were not written in the last 10 s",
                "WARN key " + StallLog.LINES + " is stalled: no target. Deploy it.");
    }

    @Test
    void whatWasNeverSaidEndsWithoutALine() {
        for (int i = 0; i < StallLog.LINES + 1; i++) {
            stalls.stalled("key " + i, "no target", "Deploy it.");
        }
        stalls.resumed("key " + StallLog.LINES);
        stalls.resumed("unheard of");

        assertEquals(StallLog.LINES, lines.written.size());
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 3 * StallLog.SUBJECTS; i++) {
            later(1_000);
            stalls.stalled("key " + i, "no target", "Deploy it.");
        }
        long said = lines.written.stream().filter(line -> line.contains("key ")).count();
        assertEquals(StallLog.SUBJECTS, said);

        stalls.resumed("key 0");
        later(1_000);
        stalls.stalled("key new", "no target", "Deploy it.");
        lines.end("WARN key new is stalled: no target. Deploy it.");
    }

    private void later(long by) {
        millis += by;
    }

    private static final class Lines extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1;

        private final transient List<String> written = new ArrayList<>();

        void are(String... expected) {
            assertEquals(List.of(expected), written);
        }

        void end(String... expected) {
            List<String> last = written.subList(Math.max(0, written.size() - expected.length), written.size());
            assertEquals(List.of(expected), last);
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
            written.add(level + " " + MessageFormatter.basicArrayFormat(pattern, arguments));
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
}
