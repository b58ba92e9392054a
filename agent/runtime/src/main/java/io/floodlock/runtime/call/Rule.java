package io.floodlock.runtime.call;

import java.util.List;
import java.util.Map;

/**
 * One annotation on a method, as written: only attributes that were given, each a list of texts (one text unless the
 * attribute is an array; a class by its binary name, an enum constant by its name, a number in decimal).
 */
public record Rule(Kind kind, Map<String, List<String>> attributes) {

    public Rule {
        attributes = Map.copyOf(attributes);
    }
}
