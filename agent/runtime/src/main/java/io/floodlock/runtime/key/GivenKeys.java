package io.floodlock.runtime.key;

import io.floodlock.runtime.failure.Failure;
import java.nio.charset.StandardCharsets;

/**
 * Keys that a program passes itself instead of by an annotation: a whole key, or a template with {@code {}} and
 * values. Thread-safe.
 */
public final class GivenKeys {

    private GivenKeys() {}

    /**
     * The key that an annotation would build with a path in place of each {@code {}}.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY if the template is malformed, the number of
     *     values differs from that of {@code {}}, or a value can't be part of a key
     */
    public static String of(String template, Object[] values) {
        // a call with null as its only value passes a null array
        Object[] given = values == null ? new Object[1] : values;
        try {
            if (template == null) {
                throw new IllegalArgumentException(
                        "a key's template is null; write text with {}, for example \"order:{}\"");
            }
            return KeyTemplate.parse(numbered(template, given.length))
                    .ofValues(given.length)
                    .of(null, given);
        } catch (IllegalArgumentException e) {
            throw Failure.INVALID_KEY.because(e.getMessage(), e);
        }
    }

    /** The template with the index of the value in each {@code {}}. */
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
                        + " is not {}, which stands for the next value; write a literal brace as {{");
            }
        }
        if (next != values) {
            throw new IllegalArgumentException("key \"" + template + "\" has {} " + next + " times, but " + values
                    + " values are given; give one for each");
        }
        return out.toString();
    }

    /**
     * Checks whether a text can be a whole key.
     *
     * @param site the call site, for the message
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY if it is blank, too long, or not valid
     *     Unicode
     */
    public static void check(String key, String site) {
        if (key == null || key.isBlank()) {
            throw Failure.INVALID_KEY.because("A key at " + site + " is " + (key == null ? "null" : "blank")
                    + ", so all such calls would share one key; name what is locked, for example \"order:42\"");
        }
        if (key.length() > Key.LONGEST) {
            throw Failure.INVALID_KEY.because("The key \"" + key.substring(0, 40) + "...\" at " + site + " is "
                    + key.length() + " characters long; at most " + Key.LONGEST
                    + " are allowed: use an id instead of a text");
        }
        for (int i = 0; i < key.length(); i++) {
            if (Character.isSurrogate(key.charAt(i))
                    && !StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
                throw Failure.INVALID_KEY.because("A key at " + site + " has half of a surrogate pair at position "
                        + (i + 1)
                        + " or later, which UTF-8 can't encode; build it with Floodlock.key, which escapes it");
            }
        }
    }

    /**
     * The common part of keys like this one, comparable to {@link KeyTemplate#form()} of annotations. Each run of
     * characters that an escaped value can contain counts as a value if it has a digit.
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
