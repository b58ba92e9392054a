package io.floodlock.runtime.queue.method;

import io.floodlock.runtime.queue.method.TargetMissingException.Reason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that this JVM can't run the stored calls of a method of one queue, with the reason and the remedy:
 * once, and again when it can. Such calls are accepted and wait, so nobody else would say it. The queue engine asks
 * every {@value #TICK_SECONDS} s whether each method has a target; {@code CallRun} says that a call waits. Thread-safe.
 */
public final class WaitingMethods {

    /** How often the engine looks. */
    public static final int TICK_SECONDS = 2;

    /** How long a method may be without a target before it is said: an application that starts is often so. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final Logger log = LoggerFactory.getLogger(WaitingMethods.class);

    private record Missing(long since, boolean said) {}

    private final String queue;
    private final Map<String, Missing> missing = new ConcurrentHashMap<>();

    WaitingMethods(String queue) {
        this.queue = queue;
    }

    /** This JVM has a stored call of the method and can't run it. */
    public void holds(QueueSite site, TargetMissingException why) {
        missing.compute(site.method().name(), (name, known) -> {
            boolean said = known != null && known.said();
            if (!said && why.reason() != Reason.NOT_READY) {
                log.warn(
                        "Calls of {} in queue {} wait in this JVM, and so do later calls with the same key: {}",
                        site.displayName(),
                        queue,
                        why.getMessage());
                said = true;
            }
            return new Missing(known == null ? System.nanoTime() : known.since(), said);
        });
    }

    /** Whether the method has a target. */
    boolean look(QueueSite site, TargetResolver instances) {
        try {
            site.target(instances);
            Missing known =
                    missing.isEmpty() ? null : missing.remove(site.method().name());
            if (known != null && known.said()) {
                log.info("Calls of {} in queue {} run in this JVM now", site.displayName(), queue);
            }
            return true;
        } catch (TargetMissingException why) {
            missing.compute(site.method().name(), (name, known) -> {
                long since = known == null ? System.nanoTime() : known.since();
                boolean said = known != null && known.said();
                if (!said && System.nanoTime() - since >= PATIENCE_NANOS) {
                    say(site, why);
                    said = true;
                }
                return new Missing(since, said);
            });
            return false;
        }
    }

    /** A class without an instance is no fault in a JVM that has never called it; a class with several is one. */
    private void say(QueueSite site, TargetMissingException why) {
        boolean harmless = why.reason() == Reason.NOT_READY || why.reason() == Reason.NONE && !site.hasStoredCalls();
        String text = "This JVM runs no calls of {} in queue {}: {}. The calls wait for a JVM that can run them.";
        if (harmless) {
            log.info(text, site.displayName(), queue, why.getMessage());
        } else {
            log.warn(text, site.displayName(), queue, why.getMessage());
        }
    }
}
