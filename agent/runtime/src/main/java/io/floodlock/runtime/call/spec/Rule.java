package io.floodlock.runtime.call.spec;

import java.util.List;
import java.util.Map;

/**
 * One annotation on a method, or one line of a rules file that a method matches, as written: only attributes that were
 * given, each a list of texts (one text unless the attribute is an array; a class by its binary name, an enum constant by its
 * name, a number in decimal).
 *
 * @param origin where it stands: {@code @PessimisticLock} for an annotation, {@code @OneAtATime's @PessimisticLock} for one that
 *     an annotation of the application's carries, {@code shop.rules:3} for a line
 */
public record Rule(Kind kind, Map<String, List<String>> attributes, String origin) {

    public Rule {
        attributes = Map.copyOf(attributes);
    }

    /** A rule that is an annotation. */
    public static Rule annotation(Kind kind, Map<String, List<String>> attributes) {
        return new Rule(kind, attributes, "@".concat(kind.annotation()));
    }

    /** The same, as an annotation of the application's carries it. @param annotation with its {@code @} */
    public Rule carriedBy(String annotation) {
        return new Rule(kind, attributes, annotation + "'s " + origin);
    }

    public boolean isAnnotation() {
        return origin.startsWith("@");
    }

    /** Whether it passes a call over where a key isn't free: then the method's code must be ready for that. */
    public boolean maySkip() {
        return attributes.getOrDefault("onBusy", List.of()).contains("SKIP");
    }

    /** As messages name it: {@code @PessimisticLock}, {@code shop.rules:3: pessimisticLock}. */
    public String title() {
        return isAnnotation() ? origin : origin.concat(": ").concat(kind.ruleName());
    }
}
