package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.ConsumerDirectory;
import io.floodlock.runtime.queue.store.LaneLayout;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Says in the log that calls wait in a queue that no JVM consumes, and again when one does. The calls are accepted, and
 * there is no consumer that would say it; so the JVMs that have stored calls look. A queue is reported at the second
 * look in a row that finds no consumer, as applications start in any order. Thread-safe.
 */
final class AbsentConsumers {

    /** How often the engine looks: the second look comes before ten seconds have passed. */
    static final int TICK_SECONDS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Registers nobody: this JVM may begin to consume meanwhile. */
    private final UUID nobody = UUID.randomUUID();

    private final StallLog stalls;

    /** The queues that had no consumer at the last look. */
    private final Set<String> alone = ConcurrentHashMap.newKeySet();

    AbsentConsumers(StallLog stalls) {
        this.stalls = stalls;
    }

    /**
     * Looks at a queue that this JVM does not consume.
     *
     * @param unfinished asks the store how many calls of the queue are
     */
    void look(String queue, CallStore store, LongSupplier unfinished) {
        LaneLayout layout = store.known();
        if (layout == null) {
            return;
        }
        ConsumerDirectory.Found found =
                store.await(store.consumers().announce(nobody, Duration.ZERO, "", layout), PATIENCE);
        if (!found.members().isEmpty() || unfinished.getAsLong() == 0) {
            consumed(queue);
        } else if (!alone.add(queue)) {
            stalls.stalled(
                    subject(queue),
                    "calls wait in it, and no JVM consumes it",
                    "Start a JVM that loads the class of its methods and in which floodlock.queue.mode is consume, the"
                            + " default");
        }
    }

    /** This JVM consumes the queue, or another one does. */
    void consumed(String queue) {
        if (alone.remove(queue)) {
            stalls.resumed(subject(queue));
        }
    }

    private static String subject(String queue) {
        return "Queue " + queue;
    }
}
