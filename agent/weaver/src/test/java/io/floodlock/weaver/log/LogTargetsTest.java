package io.floodlock.weaver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogTargetsTest {

    @Test
    void aLineHasDateLevelThreadAndAllOfTheTrace() {
        LogLine line = new LogLine(
                LocalDateTime.of(2026, 3, 1, 4, 5, 6, 7_000_000),
                LogLevel.WARN,
                "io.floodlock.weaver",
                "main",
                "text",
                new IllegalStateException("why"));
        List<String> lines = line.print().lines().toList();
        assertEquals("2026-03-01 04:05:06.007 WARN floodlock [main] text", lines.get(0));
        assertEquals("java.lang.IllegalStateException: why", lines.get(1));
        assertTrue(lines.get(2).startsWith("\tat "), lines.get(2));
        LogLine midnight = new LogLine(LocalDateTime.of(2026, 12, 31, 0, 0), LogLevel.INFO, "l", "t", "x", null);
        assertEquals(
                "2026-12-31 00:00:00.000 INFO floodlock [t] x", midnight.print().strip());
    }

    @Test
    void aFileThatCantBeOpenedIsNamed(@TempDir Path folder) {
        String path = folder.resolve("missing/agent.log").toString();
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new FileTarget(path, line -> {}));
        assertTrue(refused.getMessage().startsWith("floodlock.log is '" + path + "'"), refused.getMessage());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatAFullDiskRefusesGoesElsewhere() throws IOException {
        List<LogLine> elsewhere = new ArrayList<>();
        LogLine line = line("lost");
        new FileTarget("/dev/full", elsewhere::add).write(line);
        assertEquals(List.of(line), elsewhere);
        assertTrue(Files.exists(Path.of("/dev/full")));
    }

    /** The application's appender stands still: whoever writes, a thread that renews leases say, must not wait for it. */
    @Test
    void aWriterNeverWaitsForTheApplicationAndNothingIsLost() throws InterruptedException {
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        List<String> taken = Collections.synchronizedList(new ArrayList<>());
        List<String> elsewhere = Collections.synchronizedList(new ArrayList<>());
        int more = 5;
        int all = 1 + Slf4jTarget.MOST + more;
        CountDownLatch last = new CountDownLatch(1);
        Slf4jTarget target = new Slf4jTarget(
                line -> {
                    stands.countDown();
                    try {
                        goesOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    taken.add(line.text());
                    if (taken.size() == 1 + Slf4jTarget.MOST) {
                        last.countDown();
                    }
                    return true;
                },
                line -> elsewhere.add(line.text()));
        target.write(line("0"));
        stands.await();
        for (int i = 1; i < all; i++) {
            target.write(line(Integer.toString(i)));
        }
        assertEquals(more, elsewhere.size());
        goesOn.countDown();
        assertTrue(last.await(30, TimeUnit.SECONDS));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            expected.add(Integer.toString(i));
        }
        List<String> seen = new ArrayList<>(taken);
        seen.addAll(elsewhere);
        assertEquals(expected, seen);
    }

    @Test
    void whatTheApplicationDoesNotTakeGoesElsewhere() throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        new Slf4jTarget(line -> false, line -> written.countDown()).write(line("x"));
        assertTrue(written.await(30, TimeUnit.SECONDS));
    }

    private static LogLine line(String text) {
        return LogLine.now(LogLevel.INFO, "io.floodlock.test", text, null);
    }
}
