package io.floodlock.runtime.call;

import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.lock.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All lock rules of one method, taken together: they are one acquisition with one limit of time.
 *
 * @param keys in the order written; the lock engine sorts the built keys
 */
record LockPlan(List<Wanted> keys, Duration waitTime) {

    record Wanted(KeyTemplate key, Mode mode, Rule rule) {}

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
            attributes.texts("key").forEach(key -> keys.add(new Wanted(attributes.key(key), mode, rule)));
            if (attributes.has("waitTime")) {
                waitTimes.add(attributes.duration("waitTime", ""));
            }
        }
        if (waitTimes.size() > 1) {
            throw new IllegalArgumentException(titles(rules) + " give different waitTime values " + waitTimes
                    + "; all keys of a method are taken together: give one value");
        }
        return new LockPlan(keys, waitTimes.isEmpty() ? Duration.ofSeconds(10) : waitTimes.first());
    }

    private static String titles(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.attributes().containsKey("waitTime"))
                .filter(rule -> rule.kind() == Kind.SHARED_LOCK || rule.kind() == Kind.PESSIMISTIC_LOCK)
                .map(Rule::title)
                .distinct()
                .collect(Collectors.joining(" and "));
    }
}
