package io.floodlock.weaver.rulebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.weaver.rules.FileRule;
import io.floodlock.weaver.rules.RuleFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class RuleWatchTest {

    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();
    private long seconds;
    private List<FileRule> rules;
    private RuleHits hits;
    private RuleWatch watch;

    @BeforeEach
    void make() throws IOException {
        rules = RuleFile.read(
                Files.writeString(folder.resolve("shop.rules"), """
                pessimisticLock: execution(* com.shop.Orders.place(..)) key=a
                sharedLock: execution(* com.shop.Renamed.set(..)) key=b
                """).toString());
        hits = new RuleHits(rules);
        StallLog stalls = new StallLog(new ListLogger(log), () -> TimeUnit.SECONDS.toNanos(seconds));
        watch = new RuleWatch(hits, () -> stalls, line -> log.add("END " + line));
    }

    @Test
    void whatHasMatchedNothingIsSaidWithinTenSecondsOnceAndThatItMatchesLaterToo() {
        Iterator<Runnable> meanwhile = List.<Runnable>of(
                        () -> hits.matched(rules.get(0)),
                        () -> assertEquals(1, log.size(), log::toString),
                        () -> {},
                        () -> {
                            assertEquals(1, log.size(), log::toString);
                            hits.matched(rules.get(1));
                        })
                .iterator();
        watch.untilAllMatch(pause -> {
            seconds += pause;
            meanwhile.next().run();
        });
        assertEquals(2, log.size(), log::toString);
        assertTrue(
                log.get(0)
                        .matches("WARN Weaving by the rule of .*shop.rules:2: sharedLock is stalled: the pointcut"
                                + " 'execution\\(\\* com.shop.Renamed.set\\(..\\)\\)' has matched no class loaded so far;"
                                + " if the intended classes .*"),
                log.get(0));
        assertTrue(
                log.get(1).matches("INFO Weaving by the rule of .*shop.rules:2: sharedLock continues after 15000 ms"),
                log.get(1));
        assertEquals(25, seconds);
        watch.atTheEnd();
        assertEquals(2, log.size(), log::toString);
    }

    @Test
    void nothingIsSaidWhereAllMatchInTime() {
        watch.untilAllMatch(pause -> rules.forEach(hits::matched));
        watch.atTheEnd();
        assertEquals(List.of(), log);
    }

    @Test
    void aJvmThatEndsBeforeHasThemSaidAtItsEndAndOneThatEndsLaterNotAgain() {
        hits.matched(rules.get(0));
        watch.atTheEnd();
        assertEquals(1, log.size(), log::toString);
        assertTrue(log.get(0).contains("shop.rules:2: sharedLock: the pointcut"), log.get(0));
        log.clear();
        int[] pauses = {0};
        watch.untilAllMatch(pause -> {
            if (pauses[0]++ > 0) {
                throw new InterruptedException();
            }
        });
        watch.atTheEnd();
        assertEquals(1, log.size(), log::toString);
        assertTrue(log.get(0).startsWith("WARN "), log.get(0));
    }

    private static final class ListLogger extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1L;

        private final transient List<String> lines;

        ListLogger(List<String> lines) {
            this.lines = lines;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
            lines.add(level + " " + MessageFormatter.basicArrayFormat(pattern, arguments));
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
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
