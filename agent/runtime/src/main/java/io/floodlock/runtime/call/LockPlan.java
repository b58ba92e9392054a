package io.floodlock.runtime.call;

import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.lock.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * All lock annotations of one method, taken together: they are one acquisition with one limit of time.
 *
 * @param keys in the order written; the lock engine sorts the built keys
 */
record LockPlan(List<Wanted> keys, Duration waitTime) {

    record Wanted(KeyTemplate key, Mode mode) {}

    static LockPlan of(List<Rule> rules) {
        List<Wanted> keys = new ArrayList<>();
        TreeSet<Duration> waitTimes = new TreeSet<>();
        for (Rule rule : rules) {
            Mode mode = switch (rule.kind()) {
                case SHARED_LOCK -> Mode.SHARED;
                case PESSIMISTIC_LOCK -> Mode.EXCLUSIVE;
                case QUEUED, DISTRIBUTED_TX -> null;
            };
            if (mode == null) {
                continue;
            }
            Attributes attributes = new Attributes(rule, "key", "waitTime");
            if (attributes.texts("key").isEmpty()) {
                throw attributes.wrong("key", "", "at least one key, as \"order:{order.id}\"");
            }
            attributes.texts("key").forEach(key -> keys.add(new Wanted(KeyTemplate.parse(key), mode)));
            if (attributes.has("waitTime")) {
                waitTimes.add(attributes.duration("waitTime", ""));
            }
        }
        if (waitTimes.size() > 1) {
            throw new IllegalArgumentException("the lock annotations give different waitTime values " + waitTimes
                    + "; all keys of a method are taken together: give one value");
        }
        return new LockPlan(keys, waitTimes.isEmpty() ? Duration.ofSeconds(10) : waitTimes.first());
    }
}
