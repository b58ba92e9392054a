package io.floodlock.runtime.key;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * A key as it is written in an annotation: literal text with {@code {path}}.
 *
 * <pre>
 *   order:{order.id}          a parameter by name, then a record component, getter or field
 *   order:{0.id}              the same parameter by index, for classes compiled without parameter names
 *   cart:{items[0].sku}       list index; {@code {items.0.sku}} is the same
 *   rate:{rates[EUR]}         map key; {@code {rates.EUR}} is the same
 *   shop:{this.name}          the instance
 *   item:{items[*].sku}       a key for each element of a collection or array
 *   'order:' + #order.id      Spring's notation for order:{order.id}; see SpringText
 *   {{ and }}                 literal braces
 * </pre>
 *
 * <p>Values are escaped, so two different lists of values never give one key. In a value, every character other than
 * letters, digits, {@code _} and {@code -} is escaped, for example {@code .} as {@code %2E}. So between two paths
 * there must be at least one character that is escaped in values.
 *
 * <p>{@link #check} validates a template from the class file alone; {@link #bind} creates the {@link Key} of a call
 * site. Immutable. Read {@link Key} and {@link PathBinder} next.
 */
public final class KeyTemplate {

    private final String text;
    /** {@code literals.get(i)} precedes {@code paths.get(i)}; there is one literal more than paths. */
    private final List<String> literals;

    private final List<KeyPath> paths;

    private KeyTemplate(String text, List<String> literals, List<KeyPath> paths) {
        this.text = text;
        this.literals = literals.stream().map(CanonicalText::composed).toList();
        this.paths = List.copyOf(paths);
        if (this.paths.stream().filter(path -> path.each() >= 0).count() > 1) {
            throw new IllegalArgumentException(
                    "key \"" + text + "\" has two [*]; only one collection can have a key for each element");
        }
    }

    /** @throws IllegalArgumentException with the mistake and its position in the text */
    public static KeyTemplate parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "a key is empty; write text with {path}, for example \"order:{order.id}\"");
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
                            + " has no }; write a literal brace as {{");
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
                        + " has no {; write a literal brace as }}");
            } else {
                literal.append(c);
                at++;
            }
        }
        literals.add(literal.toString());
        literals.forEach(each -> SpringText.checkLiteral(each, text));
        return new KeyTemplate(text, literals, paths);
    }

    /** @throws IllegalArgumentException if the literal text does not separate the values around it */
    static void requireSeparator(CharSequence literal, String text, int position) {
        if (literal.chars().allMatch(c -> Escaping.isPlain((char) c))) {
            throw new IllegalArgumentException("key \"" + text + "\": the paths before position " + position
                    + " are not separated, so different values could give the same key;"
                    + " put a separator such as : between them");
        }
    }

    /**
     * Checks what the class file alone shows: that every path starts at a parameter or the instance of the method
     * and, as far as the types are known, that it leads to a value that can be part of a key.
     *
     * @param parameterNames empty if the class was compiled without them
     * @param declared the known types of the parameters
     * @throws IllegalArgumentException with the path and the parameters of the method
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
                        "key \"" + text + "\" is literal text, so every call would have the same key; it"
                                + " begins with the parameter " + name + ", so write {" + text + "}");
            }
        }
    }

    /**
     * Resolves every path against the method's types.
     *
     * @param caller a lookup with access to the members that the paths name
     * @throws IllegalArgumentException with the path, the missing step and the type that lacks it
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
     * Binds a template whose paths are indices to values that are passed directly.
     *
     * @throws IllegalArgumentException if a path is not the index of one of these values
     */
    Key ofValues(int count) {
        List<KeyValue> values = new ArrayList<>();
        for (KeyPath path : paths) {
            int index = path.start().resolve(text, List.of(), count, true);
            values.add(new KeyValue(text, path, index, new MethodHandle[0]));
        }
        return new Key(text, form(), literals.toArray(String[]::new), values.toArray(KeyValue[]::new));
    }

    /**
     * The literal text with {@code {}} for each path. Templates of one form may build the same key, whatever their
     * paths are.
     */
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
