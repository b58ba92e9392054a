package io.floodlock.processor;

import java.time.Duration;
import java.util.Map;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.type.TypeKind;

/** Checks the form of the values of {@code @Queued}'s attributes, by the same rules as the agent. Stateless. */
final class AttributeCheck {

    private static final String DURATION = "a duration such as 10s, 250ms or 1m30s";

    private static final Map<String, Integer> MOST = Map.of("batchSize", 1_000, "replicas", 16);
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(7);

    private AttributeCheck() {}

    static void check(QueuedElement method, Problems problems) {
        FloodlockRule rule = method.rule();
        for (String attribute : new String[] {"queue", "name"}) {
            problems.collect(method.element(), rule, attribute, () -> checkWireName(rule, attribute));
        }
        for (String attribute : new String[] {"capacity", "attempts", "workers", "batchSize", "replicas"}) {
            problems.collect(method.element(), rule, attribute, () -> checkNumber(rule, attribute));
        }
        problems.collect(method.element(), rule, "waitTime", () -> checkDuration(rule, "waitTime"));
        problems.collect(method.element(), rule, "delay", () -> checkDelay(rule));
        problems.collect(method.element(), rule, "dedup", () -> checkDedup(method));
        problems.collect(method.element(), rule, "dedupWindow", () -> checkWindow(rule));
        problems.collect(method.element(), rule, "backoff", () -> checkBackoff(rule));
        problems.collect(method.element(), rule, "timeout", () -> checkTimeout(rule));
    }

    private static void checkWireName(FloodlockRule rule, String attribute) {
        String name = rule.text(attribute, "");
        if (!name.isEmpty() && !name.matches("[\\p{L}\\p{N}._$:/-]{1,200}")) {
            throw wrong(attribute, name, "1 to 200 letters, digits and . _ $ : / -");
        }
    }

    private static void checkNumber(FloodlockRule rule, String attribute) {
        AnnotationValue value = rule.value(attribute);
        // a value of another type is the compiler's error
        if (value == null || !(value.getValue() instanceof Integer number)) {
            return;
        }
        if (number < 1) {
            throw wrong(attribute, number.toString(), "a number of at least 1");
        }
        int most = MOST.getOrDefault(attribute, Integer.MAX_VALUE);
        if (number > most) {
            throw wrong(attribute, number.toString(), "at most " + most);
        }
        if (attribute.equals("replicas")
                && number > 1
                && !rule.text("confirm", "").equals("REPLICATED")) {
            throw wrong(attribute, number.toString(), "left out where confirm is not REPLICATED");
        }
    }

    private static void checkDuration(FloodlockRule rule, String attribute) {
        String text = rule.text(attribute, "0");
        if (DurationText.parse(text) == null) {
            throw wrong(attribute, text, DURATION);
        }
    }

    private static void checkDelay(FloodlockRule rule) {
        checkDuration(rule, "delay");
        String text = rule.text("delay", "0");
        if (!DurationText.parse(text).isZero() && !rule.text("key", "").isEmpty()) {
            throw wrong("delay", text, "left out where there is a key, whose calls run in order");
        }
    }

    private static void checkDedup(QueuedElement method) {
        String text = method.rule().text("dedup", "");
        if (!text.isEmpty() && method.element().getReturnType().getKind() != TypeKind.VOID) {
            throw wrong("dedup", text, "left out where the method returns a future: a repeated call has no result");
        }
    }

    private static void checkWindow(FloodlockRule rule) {
        if (rule.value("dedupWindow") == null) {
            return;
        }
        checkDuration(rule, "dedupWindow");
        String text = rule.text("dedupWindow", "0");
        Duration window = DurationText.parse(text);
        if (rule.text("dedup", "").isEmpty() && !window.equals(WINDOW)) {
            throw wrong("dedupWindow", text, "left out where there is no dedup");
        }
        if (window.isZero() || window.compareTo(LONGEST_WINDOW) > 0) {
            throw wrong("dedupWindow", text, "longer than 0, and 7d at most");
        }
    }

    private static void checkTimeout(FloodlockRule rule) {
        String text = rule.text("timeout", "");
        if (text.isEmpty()) {
            return;
        }
        checkDuration(rule, "timeout");
        if (DurationText.parse(text).isZero()) {
            throw wrong("timeout", text, "longer than 0; leave it out to let bodies take any time");
        }
    }

    private static void checkBackoff(FloodlockRule rule) {
        String text = rule.text("backoff", "0");
        String[] pauses = text.split("\\.\\.", -1);
        Duration first = DurationText.parse(pauses[0]);
        Duration longest = DurationText.parse(pauses[pauses.length - 1]);
        if (pauses.length > 2 || first == null || longest == null || longest.compareTo(first) < 0) {
            throw wrong("backoff", text, "the first and the longest pause, as \"100ms..1m\"");
        }
    }

    private static IllegalArgumentException wrong(String attribute, String value, String allowed) {
        return new IllegalArgumentException(attribute + " is \"" + value + "\"; it must be " + allowed);
    }
}
