package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * All lock rules of one method, merged: they form one acquisition with one limit of each kind. Rules that give
 * different values for the same limit are refused. Immutable.
 *
 * @param keys in the order in which they are written; the lock engine sorts the built keys
 * @param waitTime the limit for the whole acquisition; 10 s if no rule gives one
 * @param maxHold null if the body may hold the keys for as long as it runs
 * @param minHold null if the keys are free as soon as the body has ended
 * @param fenced true if one of the rules is fenced, because one transaction does the work of all keys
 * @param skips whether a call is skipped, rather than refused, if a key isn't free within {@code waitTime}
 */
public record LockPlan(
        List<PlannedKey> keys, Duration waitTime, Duration maxHold, Duration minHold, boolean fenced, boolean skips) {

    /** One key of the plan, with its mode and its rule. */
    public record PlannedKey(KeyTemplate key, LockMode mode, Rule rule) {}

    static LockPlan of(List<Rule> rules) {
        List<PlannedKey> keys = new ArrayList<>();
        Limit<Duration> waitTime = new Limit<>("waitTime");
        Limit<Duration> maxHold = new Limit<>("maxHold");
        Limit<Duration> minHold = new Limit<>("minHold");
        Limit<OnBusy> onBusy = new Limit<>("onBusy");
        boolean fenced = false;
        for (Rule rule : rules) {
            LockMode mode = switch (rule.kind()) {
                case SHARED_LOCK -> LockMode.SHARED;
                case PESSIMISTIC_LOCK -> LockMode.EXCLUSIVE;
                case QUEUED, DISTRIBUTED_TX -> null;
            };
            if (mode == null) {
                continue;
            }
            Attributes attributes = mode == LockMode.EXCLUSIVE
                    ? new Attributes(rule, "key", "waitTime", "onBusy", "maxHold", "minHold", "fenced")
                    : new Attributes(rule, "key", "waitTime", "onBusy", "maxHold", "fenced");
            if (attributes.texts("key").isEmpty()) {
                throw attributes.wrong("key", "", "at least one key, as \"order:{order.id}\"");
            }
            attributes.texts("key").forEach(key -> keys.add(new PlannedKey(attributes.key(key), mode, rule)));
            if (attributes.has("waitTime")) {
                waitTime.add(rule, attributes.duration("waitTime", ""));
            }
            if (attributes.has("onBusy")) {
                onBusy.add(rule, attributes.constant("onBusy", OnBusy.THROW));
            }
            fenced |= attributes.flag("fenced");
            addHold(attributes, rule, maxHold);
            addHold(attributes, rule, minHold);
        }
        Duration longest = maxHold.agreed(null);
        Duration shortest = minHold.agreed(null);
        if (longest != null && shortest != null && shortest.compareTo(longest) > 0) {
            throw new IllegalArgumentException(minHold.titles() + " minHold is " + shortest.toMillis()
                    + " ms, longer than maxHold = " + longest.toMillis()
                    + " ms, at which the keys are given back; give a shorter minHold or a longer maxHold");
        }
        return new LockPlan(
                keys,
                waitTime.agreed(Duration.ofSeconds(10)),
                longest,
                shortest,
                fenced,
                onBusy.agreed(OnBusy.THROW) == OnBusy.SKIP);
    }

    private static void addHold(Attributes attributes, Rule rule, Limit<Duration> hold) {
        String text = attributes.text(hold.attribute, "");
        if (text.isEmpty()) {
            return;
        }
        Duration limit = attributes.duration(hold.attribute, "");
        if (limit.isZero()) {
            throw attributes.wrong(hold.attribute, text, "more than 0; leave it out for no limit");
        }
        hold.add(rule, limit);
    }

    /** @param site for messages */
    public LockTerms terms(String site) {
        return new LockTerms(waitTime, maxHold, minHold, site, fenced);
    }

    private enum OnBusy {
        THROW,
        SKIP
    }

    /** One limit that several rules may give. All rules that give it must give the same value. */
    private static final class Limit<T extends Comparable<T>> {
        private final String attribute;
        private final Set<T> values = new TreeSet<>();
        private final Set<String> titles = new LinkedHashSet<>();

        Limit(String attribute) {
            this.attribute = attribute;
        }

        String titles() {
            return String.join(" and ", titles);
        }

        void add(Rule rule, T limit) {
            values.add(limit);
            titles.add(rule.title());
        }

        T agreed(T byDefault) {
            if (values.size() > 1) {
                throw new IllegalArgumentException(titles() + " give different " + attribute + " values " + values
                        + "; all keys of a method are taken together: give one value");
            }
            return values.isEmpty() ? byDefault : values.iterator().next();
        }
    }
}
