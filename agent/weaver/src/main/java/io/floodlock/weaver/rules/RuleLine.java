package io.floodlock.weaver.rules;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.runtime.call.spec.RuleChecks;
import io.floodlock.weaver.pointcut.BadPointcutException;
import io.floodlock.weaver.pointcut.Pointcut;
import io.floodlock.weaver.pointcut.PointcutParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Parses one line of a rules file into a {@link FileRule}. */
final class RuleLine {

    static final String EXAMPLE = "pessimisticLock: execution(* com.shop.Orders.place(..)) key=order:{0.id}";

    /** Attributes that may be repeated, with one value each time. */
    private static final Map<Kind, Set<String>> REPEATED = Map.of(
            Kind.SHARED_LOCK, Set.of("key"),
            Kind.PESSIMISTIC_LOCK, Set.of("key"),
            Kind.QUEUED, Set.of("noRetryFor"),
            Kind.DISTRIBUTED_TX, Set.of("rollbackFor", "noRollbackFor"));

    private final String origin;
    private final String text;
    private int at;

    private RuleLine(String origin, String text) {
        this.origin = origin;
        this.text = text;
    }

    /**
     * Parses the line.
     *
     * @param origin file and line number, for messages
     * @throws IllegalArgumentException naming the origin, the value and the remedy
     */
    static FileRule parse(String text, String origin) {
        return new RuleLine(origin, text).parse();
    }

    private FileRule parse() {
        Kind kind = kind();
        int end = endOfPointcut();
        String pointcutText = text.substring(at, end).strip();
        at = end;
        Rule rule = new Rule(kind, attributes(kind), origin);
        Pointcut pointcut;
        try {
            pointcut = PointcutParser.parse(pointcutText);
        } catch (BadPointcutException e) {
            throw new IllegalArgumentException(
                    rule.title() + ": the pointcut '" + pointcutText + "' " + e.getMessage(), e);
        }
        RuleChecks.check(rule);
        return new FileRule(rule, pointcut, pointcutText);
    }

    private Kind kind() {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).strip();
        for (Kind kind : Kind.values()) {
            if (kind.ruleName().equals(name)) {
                at = colon + 1;
                return kind;
            }
        }
        throw wrong("'" + text + "' does not begin with a kind of rule: " + RuleFile.kinds() + "; example: " + EXAMPLE);
    }

    /** Where the attributes begin: at a space outside all parentheses that is followed by a name and an equals sign. */
    private int endOfPointcut() {
        int depth = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (depth == 0 && Character.isWhitespace(c) && isAttribute(i + 1)) {
                return i;
            }
        }
        return text.length();
    }

    private boolean isAttribute(int from) {
        int end = from;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return end > from && end < text.length() && text.charAt(end) == '=';
    }

    private Map<String, List<String>> attributes(Kind kind) {
        Map<String, List<String>> attributes = new TreeMap<>();
        skipSpace();
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (!isAttribute(at)) {
                throw wrong("'" + text.substring(at)
                        + "' is not an attribute; write name=value, with \" around a value that" + " contains spaces");
            }
            String name = text.substring(at, equals);
            at = equals + 1;
            List<String> values = attributes.computeIfAbsent(name, key -> new ArrayList<>(1));
            values.add(value(name));
            if (values.size() > 1 && !REPEATED.get(kind).contains(name)) {
                throw wrong(name + " is given twice, " + values + "; " + kind.ruleName() + " takes one value");
            }
            skipSpace();
        }
        return attributes;
    }

    private String value(String name) {
        int start = at;
        if (at < text.length() && text.charAt(at) == '"') {
            int end = text.indexOf('"', at + 1);
            if (end < 0 || end + 1 < text.length() && !Character.isWhitespace(text.charAt(end + 1))) {
                throw wrong("the value of " + name + " is " + text.substring(start)
                        + "; a value that starts with \" must end with \", followed by a space");
            }
            at = end + 1;
            return text.substring(start + 1, end);
        }
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(origin + ": " + what);
    }
}
