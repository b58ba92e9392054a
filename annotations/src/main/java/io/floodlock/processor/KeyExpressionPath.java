package io.floodlock.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code {path}} of a template: its start and the steps from there, as written. {@link KeyExpression} and
 * {@link SpringExpression} parse it. Immutable.
 *
 * @param each index of the step that stands for every element, {@code [*]}; -1 if there is none
 */
record KeyExpressionPath(String text, Start start, List<String> steps, int each) {

    private static final String QUOTED = "\\['([^'\\[\\]{}]+)']|\\[\"([^\"\\[\\]{}]+)\"]";
    private static final Pattern STEP = Pattern.compile("\\.([\\p{L}_$0-9-]+)|" + QUOTED + "|\\[([^\\[\\]{}'\"]+)]");
    private static final Pattern START = Pattern.compile("[\\p{L}_$0-9]+");
    private static final Pattern ROOT_ARGUMENT = Pattern.compile("root\\.args\\[(\\d{1,3})](.*)");

    private static final String EACH = "*";
    private static final int UNQUOTED = 4;

    /** @param path with a leading {@code #} in the notation of Spring */
    static KeyExpressionPath parse(String path, String template) {
        if (!path.startsWith("#")) {
            return parse(path, false, template);
        }
        String named = path.substring(1);
        Matcher argument = ROOT_ARGUMENT.matcher(named);
        if (argument.matches()) {
            return parse(argument.group(1) + argument.group(2), false, template);
        }
        if (named.matches("(root|target)\\b.*")) {
            throw new IllegalArgumentException(
                    "key \"" + template + "\": " + path + " is not supported; of Spring's root object"
                            + " only #root.args[0] is. Start at a parameter, for example {order.id},"
                            + " or at the instance, for example {this.name}");
        }
        return parse(named, true, template);
    }

    private static KeyExpressionPath parse(String path, boolean spring, String template) {
        Matcher start = START.matcher(path);
        if (!start.lookingAt()) {
            throw malformed(path, template);
        }
        List<String> steps = new ArrayList<>();
        int each = -1;
        Matcher step = STEP.matcher(path);
        int at = start.end();
        while (at < path.length()) {
            if (!step.find(at) || step.start() != at) {
                throw malformed(path, template);
            }
            String name = name(step);
            if (name.equals(EACH) && step.group(UNQUOTED) != null) {
                if (each >= 0) {
                    throw new IllegalArgumentException("key \"" + template + "\": {" + path
                            + "} has two [*]; only one collection can have a key for each element");
                }
                each = steps.size();
            }
            steps.add(name);
            at = step.end();
        }
        return new KeyExpressionPath(path, new Start(start.group(), path, spring), List.copyOf(steps), each);
    }

    private static String name(Matcher step) {
        int group = 1;
        while (step.group(group) == null) {
            group++;
        }
        return step.group(group);
    }

    private static IllegalArgumentException malformed(String path, String template) {
        String call = path.endsWith(")") ? "; write a getter without parentheses" : "";
        return new IllegalArgumentException("key \"" + template + "\": {" + path
                + "} is not a path; write a parameter's"
                + " name or index and then .name, [index], [key] or [*], for example {order.id} or {0.items[0].sku}"
                + call);
    }

    /**
     * The first name of a path: {@code this}, a parameter's index or a parameter's name.
     *
     * @param spring whether it followed a {@code #}; then {@code p0} and {@code a0} are the first parameter, unless a
     *     parameter has that name
     */
    record Start(String name, String path, boolean spring) {

        /** The index of the parameter, or -1 for the instance. */
        int resolve(String template, List<String> parameterNames, boolean isStatic) {
            int parameters = parameterNames.size();
            String where = "key \"" + template + "\": {" + path + "} ";
            if (name.equals("this")) {
                if (isStatic) {
                    throw new IllegalArgumentException(where + "starts at the instance, but the method is static");
                }
                return -1;
            }
            if (name.equals("result") && !parameterNames.contains(name)) {
                throw new IllegalArgumentException(where
                        + "starts at the result, which does not exist yet when a key is built; start at a parameter");
            }
            boolean positional = spring && name.matches("[pa]\\d+") && !parameterNames.contains(name);
            String number = positional ? name.substring(1) : name;
            if (number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                int index = number.length() > 3 ? Integer.MAX_VALUE : Integer.parseInt(number);
                if (index >= parameters) {
                    throw new IllegalArgumentException(where + "names parameter " + number + ", but the method has "
                            + parameters + ", counted from 0");
                }
                return index;
            }
            int index = parameterNames.indexOf(name);
            if (index < 0) {
                throw new IllegalArgumentException(
                        where + "names no parameter of the method, which has " + parameterNames);
            }
            return index;
        }
    }
}
