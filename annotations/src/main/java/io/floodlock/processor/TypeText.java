package io.floodlock.processor;

import java.util.ArrayList;
import java.util.List;

/**
 * A type as the manifest writes it, taken apart: {@code java.util.Map<java.lang.String,com.shop.Item[]>}.
 *
 * @param name without type arguments
 * @param dimensions of an array; 0 for all other types
 */
record TypeText(String name, List<TypeText> arguments, int dimensions) {

    /** Accepts any text: what is no type equals no type but itself. */
    static TypeText parse(String text) {
        String rest = text;
        int dimensions = 0;
        while (rest.endsWith("[]")) {
            rest = rest.substring(0, rest.length() - 2);
            dimensions++;
        }
        int open = rest.indexOf('<');
        if (open < 0 || !rest.endsWith(">")) {
            return new TypeText(rest, List.of(), dimensions);
        }
        List<TypeText> arguments = new ArrayList<>();
        int depth = 0;
        int start = open + 1;
        for (int at = start; at < rest.length(); at++) {
            char c = rest.charAt(at);
            if (depth == 0 && (c == ',' || at == rest.length() - 1)) {
                arguments.add(parse(rest.substring(start, at)));
                start = at + 1;
            }
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
        }
        return new TypeText(rest.substring(0, open), List.copyOf(arguments), dimensions);
    }

    /** Without the dimensions of an array: the text under which the manifest has the type's structure. */
    String element() {
        return new TypeText(name, arguments, 0).toString();
    }

    /** The text that was parsed. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(name);
        for (int i = 0; i < arguments.size(); i++) {
            out.append(i == 0 ? '<' : ',').append(arguments.get(i));
        }
        return out.append(arguments.isEmpty() ? "" : ">")
                .append("[]".repeat(dimensions))
                .toString();
    }
}
