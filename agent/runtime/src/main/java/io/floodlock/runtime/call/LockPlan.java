package io.floodlock.runtime.call;

import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * All lock rules of one method, taken together: they are one acquisition with one limit of each kind.
 *
 * @param keys in the order written; the lock engine sorts the built keys
 * @param maxHold null where the body may hold them as long as it runs
 * @param fenced where one of the rules says so, as one transaction does the work of all keys
 */
record LockPlan(List<Wanted> keys, Duration waitTime, Duration maxHold, boolean fenced) {

    record Wanted(KeyTemplate key, Mode mode, Rule rule) {}

    static LockPlan of(List<Rule> rules) {
        List<Wanted> keys = new ArrayList<>();
        Limit waitTime = new Limit("waitTime");
        Limit maxHold = new Limit("maxHold");
        boolean fenced = false;
        for (Rule rule : rules) {
            Mode mode = switch (rule.kind()) {
                case SHARED_LOCK -> Mode.SHARED;
                case PESSIMISTIC_LOCK -> Mode.EXCLUSIVE;
                case QUEUED, DISTRIBUTED_TX -> null;
            };
            if (mode == null) {
                continue;
            }
            Attributes attributes = new Attributes(rule, "key", "waitTime", "maxHold", "fenced");
            if (attributes.texts("key").isEmpty()) {
                throw attributes.wrong("key", "", "at least one key, as \"order:{order.id}\"");
            }
            attributes.texts("key").forEach(key -> keys.add(new Wanted(attributes.key(key), mode, rule)));
            if (attributes.has("waitTime")) {
                waitTime.add(rule, attributes.duration("waitTime", ""));
            }
            fenced |= attributes.flag("fenced");
            String hold = attributes.text("maxHold", "");
            if (!hold.isEmpty()) {
                Duration limit = attributes.duration("maxHold", "");
                if (limit.isZero()) {
                    throw attributes.wrong("maxHold", hold, "more than 0; leave it out for no limit");
                }
                maxHold.add(rule, limit);
            }
        }
        return new LockPlan(keys, waitTime.agreed(Duration.ofSeconds(10)), maxHold.agreed(null), fenced);
    }

    /** @param site for messages */
    LockTerms terms(String site) {
        return new LockTerms(waitTime, maxHold, site, fenced);
    }

    /** A duration that rules may give, and all that give it must give alike. */
    private static final class Limit {
        private final String attribute;
        private final Set<Duration> given = new TreeSet<>();
        private final Set<String> titles = new LinkedHashSet<>();

        Limit(String attribute) {
            this.attribute = attribute;
        }

        void add(Rule rule, Duration limit) {
            given.add(limit);
            titles.add(rule.title());
        }

        Duration agreed(Duration byDefault) {
            if (given.size() > 1) {
                throw new IllegalArgumentException(String.join(" and ", titles) + " give different " + attribute
                        + " values " + given + "; all keys of a method are taken together: give one value");
            }
            return given.isEmpty() ? byDefault : given.iterator().next();
        }
    }
}
