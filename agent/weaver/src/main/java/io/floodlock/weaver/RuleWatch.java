package io.floodlock.weaver;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reports the rules that have matched nothing: once after the application has run for a while, and again as the JVM ends for
 * those that still have not.
 */
final class RuleWatch {

    private static final Duration WHILE = Duration.ofMinutes(1);

    /** Waits until the application has run for a while. */
    interface Pause {
        void await() throws InterruptedException;
    }

    private final RuleHits hits;
    private final Consumer<String> log;

    RuleWatch(RuleHits hits, Consumer<String> log) {
        this.hits = hits;
        this.log = log;
    }

    static void start(RuleHits hits) {
        RuleWatch watch = new RuleWatch(hits, line -> Log.LOG.warn("{}", line));
        thread("floodlock-rules", () -> watch.afterAWhile(() -> Thread.sleep(WHILE.toMillis())))
                .start();
        Runtime.getRuntime().addShutdownHook(thread("floodlock-rules-end", watch::report));
    }

    /** A daemon that holds on to nothing of the application's. */
    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(RuleWatch.class.getClassLoader());
        return thread;
    }

    void afterAWhile(Pause pause) {
        try {
            pause.await();
            report();
        } catch (InterruptedException ended) {
            // nobody waits for the report
        }
    }

    void report() {
        for (String line : hits.unmatched()) {
            log.accept(line);
        }
    }
}
