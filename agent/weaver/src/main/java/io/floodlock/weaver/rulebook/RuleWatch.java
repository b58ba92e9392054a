package io.floodlock.weaver.rulebook;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.weaver.log.WeaverLog;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reports the rules that have matched nothing. Ten seconds after the start it reports each of them as unmatched so
 * far. A rule whose class loads later is reported too; once it matches, this is reported as well. A JVM that ends
 * earlier reports the unmatched rules at its end.
 *
 * <p>The watch checks every five seconds and ends when every rule has matched. It has a thread of its own, so that no
 * line is logged on threads that load classes. {@link RuleHits} supplies the state.
 */
final class RuleWatch {

    static final long FIRST_SECONDS = 10;
    static final long AGAIN_SECONDS = 5;

    /** Waits for that number of seconds. */
    interface Pause {
        void await(long seconds) throws InterruptedException;
    }

    private final RuleHits hits;
    private final Supplier<StallLog> stalls;
    private final Consumer<String> log;

    /** Titles of rules that were reported as unmatched and have not matched since. */
    @GuardedBy("this")
    private final Set<String> reported = new HashSet<>();

    RuleWatch(RuleHits hits, Supplier<StallLog> stalls, Consumer<String> log) {
        this.hits = hits;
        this.stalls = stalls;
        this.log = log;
    }

    static void start(RuleHits hits) {
        RuleWatch watch = new RuleWatch(hits, new Shared(), line -> WeaverLog.LOG.warn("{}", line));
        Runtime.getRuntime().addShutdownHook(AgentThreads.daemon("floodlock-rules-end", watch::atTheEnd));
        AgentThreads.daemon("floodlock-rules", () -> watch.untilAllMatch(TimeUnit.SECONDS::sleep))
                .start();
    }

    /** Creates the StallLog at its first use: a start that reports nothing does not pay for logging. */
    private static final class Shared implements Supplier<StallLog> {

        @Override
        public StallLog get() {
            return StallLog.shared();
        }
    }

    void untilAllMatch(Pause pause) {
        try {
            pause.await(FIRST_SECONDS);
            while (!look()) {
                pause.await(AGAIN_SECONDS);
            }
        } catch (InterruptedException ended) {
            // the watch just ends; nothing waits for its report
        }
    }

    /** Whether every rule has matched. */
    private synchronized boolean look() {
        Map<String, String> unmatched = hits.unmatched();
        unmatched.forEach((title, why) -> {
            reported.add(title);
            stalls.get()
                    .stalled(
                            subject(title),
                            why.substring(0, why.length() - 1),
                            "floodlock.explain=true logs what is woven");
        });
        reported.removeIf(title -> {
            boolean matches = !unmatched.containsKey(title);
            if (matches) {
                stalls.get().resumed(subject(title));
            }
            return matches;
        });
        return unmatched.isEmpty();
    }

    private static String subject(String title) {
        return "Weaving by the rule of " + title;
    }

    /** Logs the unmatched rules that have not been reported yet. */
    synchronized void atTheEnd() {
        hits.unmatched().forEach((title, why) -> {
            if (!reported.contains(title)) {
                log.accept(title + ": " + why);
            }
        });
    }
}
