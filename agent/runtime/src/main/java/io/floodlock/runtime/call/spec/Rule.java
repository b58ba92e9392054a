package io.floodlock.runtime.call.spec;

import java.util.List;
import java.util.Map;

/**
 * One annotation on a method, or one line of a rules file that a method matches, as it is written. It has only the
 * attributes that were given. Each attribute is a list of texts: one text unless the attribute is an array; a class by
 * its binary name, an enum constant by its name, a number in decimal. Immutable.
 *
 * @param origin the place of the rule: {@code @PessimisticLock} for an annotation, {@code @OneAtATime's
 *     @PessimisticLock} for one that an annotation of the application carries, {@code shop.rules:3} for a line of a
 *     rules file
 */
public record Rule(Kind kind, Map<String, List<String>> attributes, String origin) {

    public Rule {
        attributes = Map.copyOf(attributes);
    }

    /** A rule that an annotation gives. */
    public static Rule annotation(Kind kind, Map<String, List<String>> attributes) {
        return new Rule(kind, attributes, "@".concat(kind.annotation()));
    }

    /**
     * The same rule, as an annotation of the application carries it.
     *
     * @param annotation with its {@code @}
     */
    public Rule carriedBy(String annotation) {
        return new Rule(kind, attributes, annotation + "'s " + origin);
    }

    public boolean isAnnotation() {
        return origin.startsWith("@");
    }

    /** Whether the rule skips a call if a key isn't free. The method's woven code must then handle a skipped call. */
    public boolean maySkip() {
        return attributes.getOrDefault("onBusy", List.of()).contains("SKIP");
    }

    /** The rule's name in messages: {@code @PessimisticLock}, {@code shop.rules:3: pessimisticLock}. */
    public String title() {
        return isAnnotation() ? origin : origin.concat(": ").concat(kind.ruleName());
    }
}
