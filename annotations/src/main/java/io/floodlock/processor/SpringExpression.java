package io.floodlock.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key in the notation of Spring's cache annotations, Lock4j and others: quoted texts and paths, joined by
 * {@code +}, for example {@code 'order:' + #order.id}. An expression that means the same as a template is read as
 * one. Every other expression of that language is refused with the right notation. As literal text it would be one
 * lock for all calls, and nobody would notice.
 */
final class SpringExpression {

    private static final Pattern PART =
            Pattern.compile("\\s*(?:'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"|(#[\\p{L}_$0-9.'\"\\[\\]*-]+))\\s*");
    private static final int SINGLE = 1;
    private static final int DOUBLE = 2;
    private static final int PATH = 3;

    /** A path of such an expression within literal text. */
    private static final Pattern PATH_IN_TEXT =
            Pattern.compile("#([\\p{L}_$][\\p{L}_$0-9]*(?:\\.[\\p{L}_$][\\p{L}_$0-9]*|\\[[^\\]]*])*)");

    private static final Pattern EXPRESSION =
            Pattern.compile("^\\s*(?:T\\(|@[\\p{L}_]|new )|['\"]\\s*\\+|\\+\\s*['\"]");

    final List<String> literals = new ArrayList<>();
    final List<KeyExpressionPath> paths = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    private SpringExpression() {}

    static boolean isOne(String text) {
        String stripped = text.strip();
        return stripped.startsWith("#") && !stripped.startsWith("#{")
                || stripped.startsWith("'")
                || stripped.startsWith("\"");
    }

    /** @throws IllegalArgumentException with the right notation, if the text means more than a template can */
    static SpringExpression parse(String text) {
        SpringExpression read = new SpringExpression();
        Matcher part = PART.matcher(text);
        int at = 0;
        while (true) {
            if (!part.find(at) || part.start() != at) {
                throw unknown(text, at);
            }
            read.add(part, text);
            at = part.end();
            if (at == text.length()) {
                read.literals.add(read.literal.toString());
                return read;
            }
            if (text.charAt(at) != '+') {
                throw unknown(text, at);
            }
            at++;
        }
    }

    private void add(Matcher part, String text) {
        if (part.group(PATH) != null) {
            if (!paths.isEmpty()) {
                KeyExpression.requireSeparator(literal, text, part.start() + 1);
            }
            literals.add(literal.toString());
            literal.setLength(0);
            paths.add(KeyExpressionPath.parse(part.group(PATH), text));
            return;
        }
        String quoted = part.group(SINGLE) != null
                ? part.group(SINGLE).replace("''", "'")
                : part.group(DOUBLE).replace("\"\"", "\"");
        if (quoted.indexOf('{') >= 0 || quoted.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "key \"" + text + "\" has braces within quotes, where they would be literal text;"
                            + " write a template without quotes, for example \"order:{order.id}\"");
        }
        checkLiteral(quoted, text);
        literal.append(quoted);
    }

    /** @throws IllegalArgumentException if the literal text of a key looks like a Spring expression */
    static void checkLiteral(String literal, String template) {
        Matcher path = PATH_IN_TEXT.matcher(literal);
        if (path.find()) {
            throw new IllegalArgumentException("key \"" + template + "\" has " + path.group()
                    + " in its literal text, where it is not a path: every call would have the same key; write \""
                    + PATH_IN_TEXT.matcher(template).replaceAll("{$1}") + "\"");
        }
        if (EXPRESSION.matcher(literal).find()) {
            throw looksLikeOne(template);
        }
    }

    /** @throws IllegalArgumentException if the literal text before a brace makes the key a Spring expression */
    static void checkBrace(CharSequence literal, String template) {
        if (literal.length() > 0 && literal.charAt(literal.length() - 1) == '#') {
            throw looksLikeOne(template);
        }
    }

    private static IllegalArgumentException looksLikeOne(String template) {
        return new IllegalArgumentException("key \"" + template + "\" looks like a Spring expression, but would be"
                + " literal text; write text with paths in braces, for example \"order:{order.id}\"");
    }

    private static IllegalArgumentException unknown(String text, int at) {
        Matcher path = PATH_IN_TEXT.matcher(text);
        String example = path.find() ? "{" + path.group(1) + "}" : "{order.id}";
        return new IllegalArgumentException("key \"" + text + "\" is a Spring expression that uses more than quoted"
                + " texts, + and paths, from position " + (at + 1)
                + " on; write text with paths in braces, for example \"order:"
                + example
                + "\" (a getter without parentheses), and pass a computed value as a parameter or a getter");
    }
}
