package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.config.Durations;
import io.floodlock.runtime.key.KeyTemplate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the attributes of one rule by type. Each error message names the rule's origin, the attribute, its value and
 * the values that are allowed. {@link LockPlan}, {@link QueuePlan} and {@link TransactionRule} use it.
 */
final class Attributes {

    private final Rule rule;

    /** @throws IllegalArgumentException if the rule has an attribute outside {@code known} */
    Attributes(Rule rule, String... known) {
        this.rule = rule;
        Set<String> unknown = new TreeSet<>(rule.attributes().keySet());
        Arrays.asList(known).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(rule.title() + " has " + unknown
                    + ", which this version of the agent does not know; it knows " + List.of(known)
                    + (rule.isAnnotation() ? ": use an agent at least as new as floodlock-annotations" : ""));
        }
    }

    boolean has(String name) {
        return rule.attributes().containsKey(name);
    }

    List<String> texts(String name) {
        return rule.attributes().getOrDefault(name, List.of());
    }

    String text(String name, String byDefault) {
        List<String> given = texts(name);
        return given.isEmpty() ? byDefault : given.get(0);
    }

    Duration duration(String name, String byDefault) {
        String text = text(name, byDefault);
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name, text, "a duration such as 10s, 250ms or 1m30s");
        }
    }

    int number(String name, int byDefault, int least) {
        String text = text(name, Integer.toString(byDefault));
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the exception below reports it
        }
        throw wrong(name, text, "a number of at least " + least);
    }

    /** False if the attribute is not given. */
    boolean flag(String name) {
        String text = text(name, "false");
        if (!text.equals("true") && !text.equals("false")) {
            throw wrong(name, text, "true or false");
        }
        return text.equals("true");
    }

    <E extends Enum<E>> E constant(String name, E byDefault) {
        String text = text(name, byDefault.name());
        try {
            return Enum.valueOf(byDefault.getDeclaringClass(), text);
        } catch (IllegalArgumentException e) {
            throw wrong(
                    name,
                    text,
                    "one of " + Arrays.toString(byDefault.getDeclaringClass().getEnumConstants()));
        }
    }

    KeyTemplate key(String text) {
        try {
            return KeyTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule.title() + " " + e.getMessage(), e);
        }
    }

    IllegalArgumentException wrong(String name, String value, String allowed) {
        return new IllegalArgumentException(rule.title() + " " + name + " is \"" + value + "\"; it must be " + allowed);
    }
}
