package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.aspectj.weaver.patterns.AndTypePattern;
import org.aspectj.weaver.patterns.AnyTypePattern;
import org.aspectj.weaver.patterns.NamePattern;
import org.aspectj.weaver.patterns.NotTypePattern;
import org.aspectj.weaver.patterns.OrTypePattern;
import org.aspectj.weaver.patterns.TypePattern;
import org.aspectj.weaver.patterns.TypePatternList;
import org.aspectj.weaver.patterns.WildTypePattern;

/** Translates the type patterns of AspectJ's tree into {@link TypeTest}s. */
final class TypeTests {

    private static final Set<String> PRIMITIVES =
            Set.of("void", "boolean", "byte", "char", "short", "int", "long", "float", "double");

    private TypeTests() {}

    static List<TypeTest> compile(TypePatternList patterns) {
        List<TypeTest> tests = new ArrayList<>();
        for (TypePattern pattern : patterns.getTypePatterns()) {
            tests.add(compileInSignature(pattern));
        }
        return tests;
    }

    static TypeTest compile(TypePattern pattern) {
        if (!pattern.isStarAnnotation()) {
            throw new BadPointcutException("has an annotation in a type pattern, '" + pattern
                    + "'; write && @within(com.shop.Audited) or && @annotation(com.shop.Audited)");
        }
        if (pattern instanceof AnyTypePattern) {
            return new TypeTest.Any();
        }
        if (pattern instanceof WildTypePattern wild) {
            return named(wild);
        }
        boolean compound = pattern instanceof AndTypePattern
                || pattern instanceof OrTypePattern
                || pattern instanceof NotTypePattern;
        if (compound && pattern.isIncludeSubtypes()) {
            throw new BadPointcutException(
                    "has a + after parentheses in '" + pattern + "', which AspectJ ignores; write it after each name");
        }
        if (pattern instanceof NotTypePattern not) {
            return new TypeTest.Not(compile(not.getNegatedPattern()));
        }
        if (pattern instanceof AndTypePattern and) {
            return new TypeTest.Both(compile(and.getLeft()), compile(and.getRight()));
        }
        if (pattern instanceof OrTypePattern or) {
            return new TypeTest.Either(compile(or.getLeft()), compile(or.getRight()));
        }
        throw new BadPointcutException(
                "has a type pattern that is not supported, '" + pattern + "'; use names with * .. + [] ... && || !");
    }

    /**
     * Translates a pattern for results, parameters or exceptions, whose types may be type variables. AspectJ compares
     * wildcards with the variable's own name; {@code !java..*} would therefore match {@code T} and not
     * {@code Object}. Negated wildcards are refused here.
     */
    static TypeTest compileInSignature(TypePattern pattern) {
        TypeTest test = compile(pattern);
        if (negatesWildcards(test)) {
            throw new BadPointcutException("negates wildcards for a result, a parameter or an exception in '" + pattern
                    + "', which would test a type variable's name; negate full names: !void or !java.util.Map");
        }
        return test;
    }

    private static boolean negatesWildcards(TypeTest test) {
        if (test instanceof TypeTest.Not not) {
            return hasWildcards(not.negated());
        }
        if (test instanceof TypeTest.Both both) {
            return negatesWildcards(both.left()) || negatesWildcards(both.right());
        }
        return test instanceof TypeTest.Either either
                && (negatesWildcards(either.left()) || negatesWildcards(either.right()));
    }

    private static boolean hasWildcards(TypeTest test) {
        if (test instanceof TypeTest.Named named) {
            return !named.name().isLiteral();
        }
        if (test instanceof TypeTest.Not not) {
            return hasWildcards(not.negated());
        }
        if (test instanceof TypeTest.Both both) {
            return hasWildcards(both.left()) || hasWildcards(both.right());
        }
        return test instanceof TypeTest.Either either && (hasWildcards(either.left()) || hasWildcards(either.right()));
    }

    private static TypeTest named(WildTypePattern pattern) {
        if (pattern.getTypeParameters().size() > 0 || pattern.getUpperBound() != null) {
            throw new BadPointcutException("has type arguments in '" + pattern + "'; omit them: com.shop.Repository"
                    + " also matches com.shop.Repository<Order>");
        }
        List<Glob> parts = new ArrayList<>();
        for (NamePattern part : pattern.getNamePatterns()) {
            parts.add(part == NamePattern.ELLIPSIS ? null : new Glob(part.toString()));
        }
        if (parts.size() == 1 && parts.get(0).isAny() && pattern.getDimensions() == 0 && !pattern.isIncludeSubtypes()) {
            return new TypeTest.Any();
        }
        checkQualified(parts, pattern);
        return new TypeTest.Named(new TypeName(parts), pattern.getDimensions(), pattern.isIncludeSubtypes());
    }

    private static void checkQualified(List<Glob> parts, WildTypePattern pattern) {
        Glob first = parts.get(0);
        if (first.isLiteral()) {
            boolean named = Character.isUpperCase(first.text().charAt(0)) || parts.size() == 1;
            if (named && !(parts.size() == 1 && PRIMITIVES.contains(first.text())) && !isInJavaLang(first.text())) {
                throw unqualified(pattern.toString());
            }
        } else if (parts.size() == 1) {
            throw unqualified(pattern.toString());
        }
    }

    static BadPointcutException unqualified(String name) {
        return new BadPointcutException("names a type without its package, '" + name + "'; write com.shop." + name
                + ", or *.." + name + " for any package (only types of java.lang need no package)");
    }

    /** Whether {@code java.lang} has such a type. Loads no class of the application: the bootstrap loader is asked. */
    static boolean isInJavaLang(String name) {
        try {
            Class.forName("java.lang.".concat(name), false, null);
            return true;
        } catch (ClassNotFoundException | LinkageError none) {
            return false;
        }
    }
}
