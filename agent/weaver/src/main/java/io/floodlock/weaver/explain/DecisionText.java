package io.floodlock.weaver.explain;

import io.floodlock.runtime.call.spec.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.bytebuddy.jar.asm.Type;

/**
 * Formats a {@link WeavingDecision} as one line of text:
 *
 * <pre>woven com.shop.Orders.place(com.shop.Order): lock exclusive "stock:{0.id}" waitTime 3s (@PessimisticLock)</pre>
 *
 * <p>Names come from class files of unknown origin. Characters that a terminal would interpret rather than print are
 * therefore escaped.
 */
public final class DecisionText {

    private static final String JAVA_LANG = "java.lang.";
    private static final Set<String> QUOTED = Set.of("key", "name");

    private DecisionText() {}

    /** The complete line, escaped by {@link #printable}. */
    public static String line(WeavingDecision decision) {
        StringBuilder line =
                new StringBuilder(decision.outcome().text()).append(' ').append(decision.type());
        if (!decision.method().isEmpty()) {
            line.append('.').append(decision.method()).append('(');
            line.append(String.join(", ", parameters(decision))).append(')');
        }
        String separator = ": ";
        for (Rule rule : decision.rules()) {
            line.append(separator).append(rule(rule, decision.type()));
            separator = "; ";
        }
        for (Rule rule : decision.overridden()) {
            line.append(separator).append("instead of ").append(rule(rule, decision.type()));
            separator = "; ";
        }
        if (!decision.note().isEmpty()) {
            line.append(separator).append(decision.note());
        }
        return printable(line);
    }

    /** The parameter types as written in source: {@code long}, {@code String}, {@code com.shop.Order[]}. */
    public static List<String> parameters(WeavingDecision decision) {
        List<String> names = new ArrayList<>();
        if (!decision.descriptor().isEmpty()) {
            for (Type type : Type.getArgumentTypes(decision.descriptor())) {
                String name = type.getClassName();
                boolean plain = name.startsWith(JAVA_LANG) && name.indexOf('.', JAVA_LANG.length()) < 0;
                names.add(plain ? name.substring(JAVA_LANG.length()) : name);
            }
        }
        return names;
    }

    private static String rule(Rule rule, String type) {
        Map<String, List<String>> attributes = new TreeMap<>(rule.attributes());
        StringBuilder text = new StringBuilder();
        switch (rule.kind()) {
            case PESSIMISTIC_LOCK -> text.append("lock exclusive").append(quoted(attributes.remove("key")));
            case SHARED_LOCK -> text.append("lock shared").append(quoted(attributes.remove("key")));
            case QUEUED -> {
                List<String> queue = attributes.remove("queue");
                text.append("queued on").append(quoted(queue == null ? List.of(type) : queue));
            }
            case DISTRIBUTED_TX -> text.append("transaction");
        }
        attributes.forEach((name, values) -> text.append(' ')
                .append(name)
                .append(QUOTED.contains(name) ? quoted(values) : " ".concat(String.join(", ", values))));
        return text.append(" (").append(rule.origin()).append(')').toString();
    }

    private static String quoted(List<String> values) {
        return values == null ? "" : " \"" + String.join("\", \"", values) + "\"";
    }

    /**
     * Text from the application in a safe form: control, format and separator characters are replaced by Unicode
     * escapes.
     */
    public static String printable(CharSequence text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int kind = Character.getType(c);
            boolean shown = kind != Character.CONTROL
                    && kind != Character.FORMAT
                    && kind != Character.LINE_SEPARATOR
                    && kind != Character.PARAGRAPH_SEPARATOR;
            out.append(shown ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return out.toString();
    }
}
