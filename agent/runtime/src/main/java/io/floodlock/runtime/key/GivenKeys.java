package io.floodlock.runtime.key;

import io.floodlock.runtime.failure.Failure;
import java.nio.charset.StandardCharsets;

/** Keys that a program gives itself, rather than by an annotation: whole, or built from values at {@code {}}. */
public final class GivenKeys {

    private GivenKeys() {}

    /**
     * The key that an annotation would build with a path in place of each {@code {}}.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY
     */
    public static String of(String template, Object[] values) {
        // one value that is null is passed as no array
        Object[] given = values == null ? new Object[1] : values;
        try {
            if (template == null) {
                throw new IllegalArgumentException("a key's template is null; write text with {}, as \"order:{}\"");
            }
            return KeyTemplate.parse(numbered(template, given.length))
                    .ofValues(given.length)
                    .of(null, given);
        } catch (IllegalArgumentException e) {
            throw Failure.INVALID_KEY.because(e.getMessage(), e);
        }
    }

    /** With the index of its value in each {@code {}}. */
    private static String numbered(String template, int values) {
        StringBuilder out = new StringBuilder(template.length() + values);
        int next = 0;
        for (int at = 0; at < template.length(); at++) {
            char c = template.charAt(at);
            out.append(c);
            if (c != '{') {
                continue;
            }
            char after = at + 1 < template.length() ? template.charAt(at + 1) : ' ';
            if (after == '{') {
                out.append(after);
                at++;
            } else if (after == '}') {
                out.append(next++);
            } else {
                throw new IllegalArgumentException("key \"" + template + "\": the { at position " + (at + 1)
                        + " is not {}, which stands for the next value; a brace itself is written {{");
            }
        }
        if (next != values) {
            throw new IllegalArgumentException("key \"" + template + "\" has {} " + next + " times, but " + values
                    + " values are given; give one for each");
        }
        return out.toString();
    }

    /**
     * Whether a whole key can be one.
     *
     * @param site whose it is, for the message
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY
     */
    public static void check(String key, String site) {
        if (key == null || key.isBlank()) {
            throw Failure.INVALID_KEY.because("A key at " + site + " is " + (key == null ? "null" : "blank")
                    + ", so it would be everybody's; give the text of what is locked, as \"order:42\"");
        }
        if (key.length() > Key.LONGEST) {
            throw Failure.INVALID_KEY.because("The key \"" + key.substring(0, 40) + "...\" at " + site + " is "
                    + key.length() + " characters long; at most " + Key.LONGEST
                    + " are allowed: use an id rather than a text");
        }
        for (int i = 0; i < key.length(); i++) {
            if (Character.isSurrogate(key.charAt(i))
                    && !StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
                throw Failure.INVALID_KEY.because("A key at " + site + " has half of a surrogate pair at position "
                        + (i + 1) + " or later, which UTF-8 can't tell; build it with Floodlock.key, which escapes it");
            }
        }
    }

    /**
     * What keys like this one have in common, as {@link KeyTemplate#form()} of annotations: of the parts that escaped
     * values consist of, those with a digit are taken for values.
     */
    public static String form(String key) {
        StringBuilder out = new StringBuilder(key.length());
        int at = 0;
        while (at < key.length()) {
            int end = at;
            boolean digits = false;
            while (end < key.length() && isOfValue(key.charAt(end))) {
                digits |= Character.isDigit(key.charAt(end));
                end++;
            }
            if (end == at) {
                out.append(key.charAt(at++));
            } else {
                out.append(digits ? "{}" : key.substring(at, end));
                at = end;
            }
        }
        return out.toString();
    }

    private static boolean isOfValue(char c) {
        return Escaping.isPlain(c) || c == '%';
    }
}
