package io.floodlock.runtime.key;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * A key as an annotation writes it: literal text with {@code {path}}.
 *
 * <pre>
 *   order:{order.id}          a parameter by name, then a record component, getter or field
 *   order:{0.id}              the same parameter by index, for classes compiled without parameter names
 *   cart:{items[0].sku}       list index; {@code {items.0.sku}} is the same
 *   rate:{rates[EUR]}         map key; {@code {rates.EUR}} is the same
 *   shop:{this.name}          the instance
 *   item:{items[*].sku}       a key for each element of a collection or array
 *   'order:' + #order.id      Spring's way to write order:{order.id}; see SpringText
 *   {{ and }}                 braces themselves
 * </pre>
 *
 * <p>Values are escaped, so that two different lists of values never give one key: in a value every character but letters,
 * digits, {@code _} and {@code -} is written as {@code %2E}. Two paths must therefore have other text than these between
 * them. Immutable.
 */
public final class KeyTemplate {

    private final String text;
    /** {@code literals.get(i)} stands before {@code paths.get(i)}; one literal more than paths. */
    private final List<String> literals;

    private final List<KeyPath> paths;

    private KeyTemplate(String text, List<String> literals, List<KeyPath> paths) {
        this.text = text;
        this.literals = literals.stream().map(CanonicalText::composed).toList();
        this.paths = List.copyOf(paths);
        if (this.paths.stream().filter(path -> path.each() >= 0).count() > 1) {
            throw new IllegalArgumentException(
                    "key \"" + text + "\" has two [*]; one key can be taken for each element of one collection");
        }
    }

    /** @throws IllegalArgumentException saying what is wrong with the text, and where */
    public static KeyTemplate parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a key is empty; write text with {path}, as \"order:{order.id}\"");
        }
        if (SpringText.isOne(text)) {
            SpringText read = SpringText.parse(text);
            return new KeyTemplate(text, read.literals, read.paths);
        }
        List<String> literals = new ArrayList<>();
        List<KeyPath> paths = new ArrayList<>();
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
                            + " has no }; a brace itself is written {{");
                }
                SpringText.checkBrace(literal, text);
                if (!paths.isEmpty()) {
                    requireSeparator(literal, text, at + 1);
                }
                literals.add(literal.toString());
                literal.setLength(0);
                paths.add(KeyPath.parse(text.substring(at + 1, end), text));
                at = end + 1;
            } else if (c == '}') {
                throw new IllegalArgumentException("key \"" + text + "\": the } at position " + (at + 1)
                        + " has no {; a brace itself is written }}");
            } else {
                literal.append(c);
                at++;
            }
        }
        literals.add(literal.toString());
        literals.forEach(each -> SpringText.checkLiteral(each, text));
        return new KeyTemplate(text, literals, paths);
    }

    /** @throws IllegalArgumentException if what is around the literal text would run into each other */
    static void requireSeparator(CharSequence literal, String text, int position) {
        if (literal.chars().allMatch(c -> Escaping.isPlain((char) c))) {
            throw new IllegalArgumentException("key \"" + text + "\": the paths before position " + position
                    + " would run into each other, so that different values could give one key;"
                    + " put a separator such as : between them");
        }
    }

    /**
     * Checks what can be known from the class file alone: that every path starts at something the method has, and as far as
     * is known that it leads to what can be a part of a key.
     *
     * @param parameterNames empty where the class was compiled without them
     * @param declared what is known of the parameters' types
     * @throws IllegalArgumentException naming the path and what the method has
     */
    public void check(List<String> parameterNames, int parameters, boolean isStatic, DeclaredPaths declared) {
        for (KeyPath path : paths) {
            int parameter = path.start().resolve(text, parameterNames, parameters, isStatic);
            String refusal = declared.refusal(parameter, path.steps(), path.each(), path.text());
            if (refusal != null) {
                throw new IllegalArgumentException("key \"" + text + "\": {" + path.text() + "} " + refusal);
            }
        }
        String first = paths.isEmpty() ? literals.get(0) : "";
        for (String name : parameterNames) {
            if (first.startsWith(name + ".") || first.startsWith(name + "[")) {
                throw new IllegalArgumentException(
                        "key \"" + text + "\" is literal text, the same for every call, though it"
                                + " begins with the parameter " + name + "; write {" + text + "}");
            }
        }
    }

    /**
     * Resolves every path against the method's types.
     *
     * @param caller a lookup that may read what the paths name
     * @throws IllegalArgumentException naming the path, the step that doesn't exist and the type it was looked for in
     */
    public Key bind(MethodHandles.Lookup caller, Method method, List<String> parameterNames) {
        boolean isStatic = java.lang.reflect.Modifier.isStatic(method.getModifiers());
        check(parameterNames, method.getParameterCount(), isStatic, DeclaredPaths.UNKNOWN);
        List<KeyValue> values = new ArrayList<>();
        for (KeyPath path : paths) {
            int index = path.start().resolve(text, parameterNames, method.getParameterCount(), isStatic);
            values.add(PathBinder.bind(caller, method, index, path, text));
        }
        return new Key(text, form(), literals.toArray(String[]::new), values.toArray(KeyValue[]::new));
    }

    /**
     * Of a template whose paths are indices, of values that are given as they are.
     *
     * @throws IllegalArgumentException if a path is not the index of one of so many values
     */
    Key ofValues(int count) {
        List<KeyValue> values = new ArrayList<>();
        for (KeyPath path : paths) {
            int index = path.start().resolve(text, List.of(), count, true);
            values.add(new KeyValue(text, path, index, new MethodHandle[0]));
        }
        return new Key(text, form(), literals.toArray(String[]::new), values.toArray(KeyValue[]::new));
    }

    /** The literal text with {@code {}} for each path: templates of one form may build the same key, whatever paths they take. */
    public String form() {
        return String.join("{}", literals);
    }

    /** Whether one call may have several keys of this template, or none. */
    public boolean isEach() {
        return paths.stream().anyMatch(path -> path.each() >= 0);
    }

    /** Whether a path starts at {@code this}. */
    public boolean startsAtInstance() {
        for (KeyPath path : paths) {
            if (path.start().name().equals("this")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }
}
