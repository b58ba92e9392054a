package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The name of a type in a pattern, {@code com.shop..*Service}, as parts between dots. A null part stands for
 * {@code ..}, which matches any number of parts. A nested class is a part of its own: {@code com.shop.*} does not
 * match it, and {@code com.shop..*} does.
 *
 * @param prefix the common beginning of all matching names, except for types of java.lang, whose package may be
 *     omitted
 * @param mayBeOfJdk whether the pattern may match classes of the JDK's own packages; the supertypes of those classes
 *     are in the same packages
 */
record TypeName(List<Glob> parts, String prefix, boolean mayBeOfJdk) {

    private static final Set<String> JDK = Set.of("java", "javax", "jdk", "sun");
    private static final String IMPORTED = "java.lang.";

    TypeName(List<Glob> parts) {
        this(parts, prefix(parts), mayBeOfJdk(parts));
    }

    private static String prefix(List<Glob> parts) {
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < parts.size() && parts.get(i) != null; i++) {
            String text = parts.get(i).text();
            prefix.append(i == 0 ? "" : ".");
            if (!parts.get(i).isLiteral()) {
                return prefix.append(text, 0, text.indexOf('*')).toString();
            }
            prefix.append(text);
        }
        return prefix.toString();
    }

    boolean matches(TypeUse type, Types types) {
        if (isLiteral()) {
            // a type variable is compared by its bound
            String name =
                    type.isVariable() && type.dimensions() == 0 ? type.bound().name() : type.name();
            return isCalled(name) || name.startsWith(IMPORTED) && isCalled(name.substring(IMPORTED.length()));
        }
        String name = type.name();
        boolean nested = false;
        boolean anonymous = false;
        if (name.indexOf('$') >= 0 && type.dimensions() == 0) {
            TypeShape shape = types.find(name);
            // without a class file the name decides: a class with a $ in its name is nearly always nested
            nested = shape == null || shape.nested();
            anonymous = shape != null && shape.anonymous();
        }
        return matches(name, nested, anonymous)
                || name.startsWith(IMPORTED) && matches(name.substring(IMPORTED.length()), nested, anonymous);
    }

    private boolean matches(String name, boolean nested, boolean anonymous) {
        Glob last = parts.get(parts.size() - 1);
        return !(anonymous && (last == null || !last.isAny())) && matches(0, split(name, nested), 0);
    }

    private boolean matches(int part, List<String> names, int name) {
        if (part == parts.size()) {
            return name == names.size();
        }
        Glob glob = parts.get(part);
        if (glob != null) {
            return name < names.size() && glob.matches(names.get(name)) && matches(part + 1, names, name + 1);
        }
        for (int from = name; from <= names.size(); from++) {
            if (matches(part + 1, names, from)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> split(String name, boolean nested) {
        List<String> names = new ArrayList<>();
        int start = 0;
        while (true) {
            int end = name.indexOf('.', start);
            if (end < 0 && nested) {
                end = name.indexOf('$', start);
            }
            if (end < 0) {
                names.add(name.substring(start));
                return names;
            }
            names.add(name.substring(start, end));
            start = end + 1;
        }
    }

    /** Whether that is the binary name; {@code com.shop.Orders.Line} also means {@code com.shop.Orders$Line}. */
    boolean isCalled(String name) {
        String text = text();
        if (text.length() != name.length()) {
            return false;
        }
        boolean inPackage = false;
        for (int i = text.length() - 1; i >= 0; i--) {
            char expected = text.charAt(i);
            char actual = name.charAt(i);
            boolean joint = expected == '.' && actual == '$' && !inPackage;
            if (expected != actual && !joint) {
                return false;
            }
            inPackage |= actual == '.';
        }
        return true;
    }

    /**
     * Whether the pattern may match a class of that name or an enclosing class, judging by the name alone; never
     * false if the pattern matches.
     */
    boolean mayMatchClass(String binaryName) {
        if (!binaryName.startsWith(IMPORTED) && !hasPrefix(binaryName)) {
            return false;
        }
        for (int end = binaryName.length(); end > 0; end = binaryName.lastIndexOf('$', end - 1)) {
            String name = binaryName.substring(0, end);
            if (isLiteral() ? isCalled(name) || isImported(name) : mayMatch(name)) {
                return true;
            }
        }
        return false;
    }

    /** A fast test: nearly all names differ in their first characters. */
    private boolean hasPrefix(String name) {
        if (name.length() < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            char expected = prefix.charAt(i);
            char actual = name.charAt(i);
            if (expected != actual && !(expected == '.' && actual == '$')) {
                return false;
            }
        }
        return true;
    }

    private boolean isImported(String name) {
        return name.startsWith(IMPORTED) && isCalled(name.substring(IMPORTED.length()));
    }

    private boolean mayMatch(String name) {
        return matches(name, true, false)
                || matches(name, false, false)
                || name.startsWith(IMPORTED) && mayMatch(name.substring(IMPORTED.length()));
    }

    boolean endsOpen() {
        Glob last = parts.get(parts.size() - 1);
        return !isLiteral() && last != null && last.text().endsWith("*");
    }

    private static boolean mayBeOfJdk(List<Glob> parts) {
        Glob first = parts.get(0);
        return first == null || !first.isLiteral() || JDK.contains(first.text()) || parts.size() == 1;
    }

    boolean isLiteral() {
        for (Glob part : parts) {
            if (part == null || !part.isLiteral()) {
                return false;
            }
        }
        return true;
    }

    /** The pattern as written. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            text.append(i == 0 ? "" : ".")
                    .append(parts.get(i) == null ? "" : parts.get(i).text());
        }
        return text.toString();
    }
}
