package io.floodlock.processor;

import java.util.ArrayList;
import java.util.List;

/**
 * A key as it is written in an annotation: literal text with {@code {path}}. Reads the same notation as the agent,
 * with the same messages; a test compares both. Immutable. Read {@link KeyExpressionPath} next.
 */
final class KeyExpression {

    private final String text;
    /** {@code literals.get(i)} precedes {@code paths.get(i)}; there is one literal more than paths. */
    private final List<String> literals;

    private final List<KeyExpressionPath> paths;

    private KeyExpression(String text, List<String> literals, List<KeyExpressionPath> paths) {
        this.text = text;
        this.literals = List.copyOf(literals);
        this.paths = List.copyOf(paths);
        if (this.paths.stream().filter(path -> path.each() >= 0).count() > 1) {
            throw new IllegalArgumentException(
                    "key \"" + text + "\" has two [*]; only one collection can have a key for each element");
        }
    }

    /** @throws IllegalArgumentException with the mistake and its position in the text */
    static KeyExpression parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "a key is empty; write text with {path}, for example \"order:{order.id}\"");
        }
        if (SpringExpression.isOne(text)) {
            SpringExpression read = SpringExpression.parse(text);
            return new KeyExpression(text, read.literals, read.paths);
        }
        List<String> literals = new ArrayList<>();
        List<KeyExpressionPath> paths = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                literal.append(c);
                at += 2;
            } else if (c == '{') {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw new IllegalArgumentException("key \"" + text + "\": the { at position " + (at + 1)
                            + " has no }; write a literal brace as {{");
                }
                SpringExpression.checkBrace(literal, text);
                if (!paths.isEmpty()) {
                    requireSeparator(literal, text, at + 1);
                }
                literals.add(literal.toString());
                literal.setLength(0);
                paths.add(KeyExpressionPath.parse(text.substring(at + 1, end), text));
                at = end + 1;
            } else if (c == '}') {
                throw new IllegalArgumentException("key \"" + text + "\": the } at position " + (at + 1)
                        + " has no {; write a literal brace as }}");
            } else {
                literal.append(c);
                at++;
            }
        }
        literals.add(literal.toString());
        literals.forEach(each -> SpringExpression.checkLiteral(each, text));
        return new KeyExpression(text, literals, paths);
    }

    /** @throws IllegalArgumentException if the literal text does not separate the values around it */
    static void requireSeparator(CharSequence literal, String text, int position) {
        if (literal.chars().allMatch(c -> isKeptInValues((char) c))) {
            throw new IllegalArgumentException("key \"" + text + "\": the paths before position " + position
                    + " are not separated, so different values could give the same key;"
                    + " put a separator such as : between them");
        }
    }

    /** Letters, digits, {@code _} and {@code -} stand in the text of a value as they are. */
    private static boolean isKeptInValues(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '-'
                || c > 127 && isOldLetter(c);
    }

    /** Letters of scripts whose letters were all in the Unicode version of JDK 17. */
    private static boolean isOldLetter(char c) {
        boolean old = c >= '\u00C0' && c <= '\u024F'
                || c >= '\u0388' && c <= '\u03FF'
                || c >= '\u0400' && c <= '\u052F'
                || c >= '\u3041' && c <= '\u30FF'
                || c >= '\u4E00' && c <= '\u9FEF'
                || c >= '\uAC00' && c <= '\uD7A3';
        return old && Character.isLetterOrDigit(c);
    }

    /**
     * Checks that every path starts at a parameter or the instance of the method, and leads to a value that can be part
     * of a key, as far as the declared types show it.
     *
     * @throws IllegalArgumentException with the path and the parameters of the method
     */
    void check(QueuedElement method, TypeModel model) {
        List<String> names = method.parameterNames();
        for (KeyExpressionPath path : paths) {
            int parameter = path.start().resolve(text, names, method.isStatic());
            String refusal = new KeyPathCheck(model, path).refusal(method, parameter);
            if (refusal != null) {
                throw new IllegalArgumentException("key \"" + text + "\": {" + path.text() + "} " + refusal);
            }
        }
        String first = paths.isEmpty() ? literals.get(0) : "";
        for (String name : names) {
            if (first.startsWith(name + ".") || first.startsWith(name + "[")) {
                throw new IllegalArgumentException(
                        "key \"" + text + "\" is literal text, so every call would have the same key; it"
                                + " begins with the parameter " + name + ", so write {" + text + "}");
            }
        }
        if (paths.stream().anyMatch(path -> path.each() >= 0)) {
            throw new IllegalArgumentException("key \"" + text + "\" has [*], but a stored call is ordered, and"
                    + " told from others, by a single key: give it one key, and take a lock for each element");
        }
    }
}
