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
 * Reports the rules that have matched nothing. Ten seconds after the start each is said to have matched nothing so far, which
 * is true of a rule whose class loads later too; that it matches then is said as well. A JVM that ends before has them said at
 * its end.
 *
 * <p>The watch looks every five seconds and ends when every rule has matched: nothing is logged on threads that load classes.
 */
final class RuleWatch {

    static final long FIRST_SECONDS = 10;
    static final long AGAIN_SECONDS = 5;

    /** Waits that many seconds. */
    interface Pause {
        void await(long seconds) throws InterruptedException;
    }

    private final RuleHits hits;
    private final Supplier<StallLog> stalls;
    private final Consumer<String> log;

    /** As reported and not yet said to match; guarded by this. */
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

    /** Made when there is something to say: a start at which nothing is said shall not pay for logging. */
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
            // nobody waits for the report
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

    /** What has been reported is not said twice. */
    synchronized void atTheEnd() {
        hits.unmatched().forEach((title, why) -> {
            if (!reported.contains(title)) {
                log.accept(title + ": " + why);
            }
        });
    }
}
