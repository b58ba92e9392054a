package io.floodlock.runtime.key;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One {@code {path}}: where it starts and the steps from there, as written. */
record KeyPath(String text, Start start, List<String> steps) {

    private static final Pattern STEP = Pattern.compile("\\.([\\p{L}_$0-9-]+)|\\[([^\\[\\]{}]+)]");
    private static final Pattern START = Pattern.compile("[\\p{L}_$0-9]+");

    static KeyPath parse(String path, String template) {
        Matcher start = START.matcher(path);
        if (!start.lookingAt()) {
            throw malformed(path, template);
        }
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        int at = start.end();
        while (at < path.length()) {
            if (!step.find(at) || step.start() != at) {
                throw malformed(path, template);
            }
            steps.add(step.group(1) != null ? step.group(1) : step.group(2));
            at = step.end();
        }
        return new KeyPath(path, new Start(start.group(), path), List.copyOf(steps));
    }

    private static IllegalArgumentException malformed(String path, String template) {
        return new IllegalArgumentException(
                "key \"" + template + "\": {" + path + "} is not a path; write a parameter's"
                        + " name or index and then .name, [index] or [key], as {order.id} or {0.items[0].sku}");
    }

    /** The first name of a path: {@code this}, a parameter's index or a parameter's name. */
    record Start(String name, String path) {

        /** The index of the parameter, or -1 for the instance. */
        int resolve(String template, List<String> parameterNames, int parameters, boolean isStatic) {
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
            if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                int index = name.length() > 3 ? Integer.MAX_VALUE : Integer.parseInt(name);
                if (index >= parameters) {
                    throw new IllegalArgumentException(where + "names parameter " + name + ", but the method has "
                            + parameters + ", counted from 0");
                }
                return index;
            }
            if (parameterNames.isEmpty() && parameters > 0) {
                throw new IllegalArgumentException(
                        where + "names a parameter, but the class was compiled without parameter"
                                + " names; compile it with -parameters, or write the index, as {0}");
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
