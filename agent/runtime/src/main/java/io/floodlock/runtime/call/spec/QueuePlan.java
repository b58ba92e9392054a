package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.config.Durations;
import io.floodlock.runtime.key.KeyTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The attributes of {@code @Queued}, read and checked. Immutable.
 *
 * @param queue the queue's name; the declaring class's binary name if the rule gives none
 * @param name the method's name in stored calls; the method's own name if the rule gives none
 * @param key null if the calls have no order
 * @param capacity how many unfinished calls the queue may hold; 100,000 by default
 * @param async whether a call returns before Redis has it
 * @param replicas how many replicas must have a call before it returns; 0 by default
 * @param dedup null if no call repeats another
 * @param dedupWindow how long a call is remembered by it; 10 min by default
 * @param rejectWhenFull whether a call is refused at once if the queue is full; by default it waits
 * @param delay the time from a call until its body may run; zero by default
 * @param waitTime how long a call may wait for room in the queue and for Redis's reply; 10 s by default
 * @param attempts how often a call is run before it becomes a dead letter; 14 by default
 * @param firstBackoff the first pause between attempts; 100 ms by default
 * @param longestBackoff the longest pause between attempts; 1 min by default
 * @param noRetryFor names of the exceptions, subclasses included, after which a call is a dead letter at once
 * @param timeout null if bodies may take any time
 * @param workers how many calls of the queue this JVM runs at once; 16 by default
 * @param batch the name of the method that runs several calls together; null if each runs by itself
 * @param batchSize how many calls it is given at most; 100 by default
 */
public record QueuePlan(
        String queue,
        String name,
        KeyTemplate key,
        int capacity,
        boolean rejectWhenFull,
        boolean async,
        int replicas,
        KeyTemplate dedup,
        Duration dedupWindow,
        Duration delay,
        Duration waitTime,
        int attempts,
        Duration firstBackoff,
        Duration longestBackoff,
        List<String> noRetryFor,
        Duration timeout,
        int workers,
        String batch,
        int batchSize) {

    /**
     * With the default backoff the pauses add up to 2.3 minutes at least and 4.7 at most, so a body outlasts the
     * failover of a database of up to two minutes. The first pauses stay short, since most failures are over at once.
     */
    private static final int ATTEMPTS = 14;

    private static final int LARGEST_BATCH = 1_000;
    private static final int MOST_REPLICAS = 16;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(7);

    private static final Set<String> RETURNS =
            Set.of("V", "Ljava/util/concurrent/CompletionStage;", "Ljava/util/concurrent/CompletableFuture;");

    private enum Confirm {
        ACCEPTED,
        REPLICATED,
        ASYNC
    }

    private enum WhenFull {
        BLOCK,
        REJECT
    }

    /** Null if the method is not queued. */
    static QueuePlan of(CallSpec spec) {
        Rule rule = spec.first(Kind.QUEUED);
        if (rule == null) {
            return null;
        }
        String returned = spec.returned();
        if (!RETURNS.contains(returned)) {
            throw new IllegalArgumentException(
                    rule.title() + ": a queued method returns before its body runs, so it can't return " + returned
                            + "; let it return void, CompletionStage or CompletableFuture");
        }
        QueuePlan plan = read(rule, spec.owner(), spec.method());
        if (plan.dedup != null && !returned.equals("V")) {
            throw new IllegalArgumentException(rule.title() + " dedup is \"" + plan.dedup
                    + "\"; it must be left out where the method returns a future: a repeated call has no result");
        }
        return plan;
    }

    /**
     * @param queue the queue's name if the rule gives none
     * @param name the method's name in stored calls if the rule gives none
     */
    static QueuePlan read(Rule rule, String queue, String name) {
        Attributes attributes = new Attributes(
                rule,
                "queue",
                "name",
                "key",
                "capacity",
                "whenFull",
                "confirm",
                "replicas",
                "dedup",
                "dedupWindow",
                "delay",
                "waitTime",
                "attempts",
                "backoff",
                "noRetryFor",
                "timeout",
                "workers",
                "batch",
                "batchSize");
        String key = attributes.text("key", "");
        String[] backoff = attributes.text("backoff", "100ms..1m").split("\\.\\.", -1);
        Duration first = backoff(attributes, backoff[0]);
        Duration longest = backoff(attributes, backoff[backoff.length - 1]);
        if (backoff.length > 2 || longest.compareTo(first) < 0) {
            throw badBackoff(attributes);
        }
        return new QueuePlan(
                wireName(attributes, "queue", queue),
                wireName(attributes, "name", name),
                key.isEmpty() ? null : attributes.key(key),
                attributes.number("capacity", 100_000, 1),
                attributes.constant("whenFull", WhenFull.BLOCK) == WhenFull.REJECT,
                attributes.constant("confirm", Confirm.ACCEPTED) == Confirm.ASYNC,
                replicas(attributes),
                attributes.text("dedup", "").isEmpty() ? null : attributes.key(attributes.text("dedup", "")),
                dedupWindow(attributes),
                delay(attributes, key),
                attributes.duration("waitTime", "10s"),
                attributes.number("attempts", ATTEMPTS, 1),
                first,
                longest,
                attributes.texts("noRetryFor"),
                timeout(attributes),
                attributes.number("workers", 16, 1),
                batch(attributes),
                batchSize(attributes));
    }

    private static String wireName(Attributes attributes, String attribute, String byDefault) {
        String name = attributes.text(attribute, "");
        if (!name.isEmpty() && !name.matches("[\\p{L}\\p{N}._$:/-]{1,200}")) {
            throw attributes.wrong(attribute, name, "1 to 200 letters, digits and . _ $ : / -");
        }
        return name.isEmpty() ? byDefault : name;
    }

    private static int replicas(Attributes attributes) {
        int replicas = attributes.number("replicas", 1, 1);
        if (replicas > MOST_REPLICAS) {
            throw attributes.wrong("replicas", String.valueOf(replicas), "at most " + MOST_REPLICAS);
        }
        if (attributes.constant("confirm", Confirm.ACCEPTED) == Confirm.REPLICATED) {
            return replicas;
        }
        if (replicas != 1) {
            throw attributes.wrong("replicas", String.valueOf(replicas), "left out where confirm is not REPLICATED");
        }
        return 0;
    }

    private static Duration dedupWindow(Attributes attributes) {
        Duration window = attributes.duration("dedupWindow", WINDOW.toMinutes() + "m");
        String text = attributes.text("dedupWindow", "");
        if (!window.equals(WINDOW) && attributes.text("dedup", "").isEmpty()) {
            throw attributes.wrong("dedupWindow", text, "left out where there is no dedup");
        }
        if (window.isZero() || window.compareTo(LONGEST_WINDOW) > 0) {
            throw attributes.wrong("dedupWindow", text, "longer than 0, and 7d at most");
        }
        return window;
    }

    /** The order of a key would make later calls wait for the delay of earlier ones. */
    private static Duration delay(Attributes attributes, String key) {
        Duration delay = attributes.duration("delay", "0");
        if (!delay.isZero() && !key.isEmpty()) {
            throw attributes.wrong(
                    "delay", attributes.text("delay", ""), "left out where there is a key, whose calls run in order");
        }
        return delay;
    }

    private static String batch(Attributes attributes) {
        String name = attributes.text("batch", "");
        return name.isEmpty() ? null : name;
    }

    private static int batchSize(Attributes attributes) {
        int size = attributes.number("batchSize", 100, 1);
        if (size > LARGEST_BATCH) {
            throw attributes.wrong("batchSize", String.valueOf(size), "at most " + LARGEST_BATCH);
        }
        return size;
    }

    /** A limit of 0 would interrupt each body at its start, and make each call a dead letter. */
    private static Duration timeout(Attributes attributes) {
        String text = attributes.text("timeout", "");
        Duration timeout = text.isEmpty() ? null : attributes.duration("timeout", "");
        if (timeout != null && timeout.isZero()) {
            throw attributes.wrong("timeout", text, "longer than 0; leave it out to let bodies take any time");
        }
        return timeout;
    }

    private static Duration backoff(Attributes attributes, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw badBackoff(attributes);
        }
    }

    private static IllegalArgumentException badBackoff(Attributes attributes) {
        return attributes.wrong(
                "backoff", attributes.text("backoff", ""), "the first and the longest pause, as \"100ms..1m\"");
    }
}
