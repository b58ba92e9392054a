package io.floodlock.runtime.queue.consume;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The methods of one queue of which a call could not run in this JVM, although it may know them: the method is missing,
 * or its instance, or the call was made for other parameters. {@link QueueConsumer} has one. Thread-safe.
 */
final class UnableMethods {

    private static final Logger log = LoggerFactory.getLogger(UnableMethods.class);
    private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String queue;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> saidAt = new ConcurrentHashMap<>();

    UnableMethods(String queue) {
        this.queue = queue;
    }

    /** @param why said in the log, once a minute; null if the log says it already */
    void add(String name, String why) {
        names.add(name);
        long now = System.nanoTime();
        Long last = saidAt.get(name);
        if (why != null && (last == null || now - last > SAY_AGAIN_NANOS)) {
            saidAt.put(name, now);
            log.warn("Calls of {} in queue {} wait, and so do later calls with the same key: {}", name, queue, why);
        }
    }

    /** A call of the method can run. */
    void remove(String name) {
        if (!names.isEmpty()) {
            names.remove(name);
        }
    }

    /** All may be able again. */
    void clear() {
        names.clear();
    }

    /** The given names without those of these methods. */
    Set<String> removedFrom(Set<String> all) {
        Set<String> out = new TreeSet<>(all);
        out.removeAll(names);
        return out;
    }
}
