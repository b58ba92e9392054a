package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import org.aspectj.weaver.Member;
import org.aspectj.weaver.Shadow;
import org.aspectj.weaver.patterns.AndPointcut;
import org.aspectj.weaver.patterns.AnnotationPointcut;
import org.aspectj.weaver.patterns.AnnotationTypePattern;
import org.aspectj.weaver.patterns.ExactAnnotationTypePattern;
import org.aspectj.weaver.patterns.KindedPointcut;
import org.aspectj.weaver.patterns.NamePattern;
import org.aspectj.weaver.patterns.NotPointcut;
import org.aspectj.weaver.patterns.OrPointcut;
import org.aspectj.weaver.patterns.ParserException;
import org.aspectj.weaver.patterns.PatternParser;
import org.aspectj.weaver.patterns.SignaturePattern;
import org.aspectj.weaver.patterns.TypePattern;
import org.aspectj.weaver.patterns.WithinAnnotationPointcut;
import org.aspectj.weaver.patterns.WithinPointcut;

/**
 * Translates the text of a pointcut into a {@link Pointcut}. AspectJ only parses the text; this class defines the
 * meaning of the parsed tree. It accepts only the kinds of node that have a meaning for the body of a method, and
 * refuses all others, even those that AspectJ supports. Besides {@link TypeTests}, this is the only class of the
 * agent that uses AspectJ: a start without rules loads none of AspectJ's classes.
 */
public final class PointcutParser {

    private PointcutParser() {}

    /** @throws BadPointcutException stating what can't be used, and what to write instead */
    public static Pointcut parse(String text) {
        org.aspectj.weaver.patterns.Pointcut tree;
        try {
            tree = new PatternParser(text).parsePointcut(true);
        } catch (ParserException e) {
            throw new BadPointcutException("is not a pointcut: AspectJ's parser reports '" + e.getMessage()
                    + "'; write execution(* com.shop.Orders.place(..)), for example");
        } catch (RuntimeException e) {
            throw new BadPointcutException("is not a pointcut (AspectJ's parser fails with " + e
                    + "); write execution(* com.shop.Orders.place(..)), for example");
        }
        return compile(tree);
    }

    private static Pointcut compile(org.aspectj.weaver.patterns.Pointcut tree) {
        if (tree instanceof AndPointcut and) {
            return both(compile(and.getLeft()), compile(and.getRight()));
        }
        if (tree instanceof OrPointcut or) {
            return new Pointcut.Either(compile(or.getLeft()), compile(or.getRight()));
        }
        if (tree instanceof NotPointcut not) {
            return new Pointcut.Not(compile(not.getNegatedPointcut()));
        }
        if (tree instanceof WithinPointcut within) {
            return new Pointcut.Within(TypeTests.compile(within.getTypePattern()));
        }
        if (tree instanceof AnnotationPointcut annotated) {
            return new Pointcut.Annotated(annotation(annotated.getAnnotationTypePattern(), "@annotation"));
        }
        if (tree instanceof WithinAnnotationPointcut within) {
            return new Pointcut.WithinAnnotated(annotation(within.getAnnotationTypePattern(), "@within"));
        }
        if (tree instanceof KindedPointcut kinded && kinded.getKind() == Shadow.MethodExecution) {
            return execution(kinded.getSignature());
        }
        throw refused(tree);
    }

    /** Evaluates the cheaper of the two tests first. */
    private static Pointcut both(Pointcut left, Pointcut right) {
        boolean swap = right instanceof Pointcut.Annotated || right instanceof Pointcut.Within;
        return swap ? new Pointcut.Both(right, left) : new Pointcut.Both(left, right);
    }

    private static BadPointcutException refused(org.aspectj.weaver.patterns.Pointcut tree) {
        String text = tree.toString();
        if (tree instanceof KindedPointcut kinded && kinded.getSignature().getKind() == Member.CONSTRUCTOR) {
            return new BadPointcutException(
                    "names a constructor in '" + text + "', which can't be woven; name the method that calls it");
        }
        return new BadPointcutException("uses '" + text + "', which can't be matched with the body of a method"
                + " while its class loads; use execution, within, @annotation and @within with && || !");
    }

    private static AnnotationName annotation(AnnotationTypePattern pattern, String designator) {
        if (pattern.getClass() != ExactAnnotationTypePattern.class) {
            throw new BadPointcutException(
                    "has annotation values in " + designator + "; only the annotation's name is supported");
        }
        String name = ((ExactAnnotationTypePattern) pattern).getAnnotationType().getName();
        if (name.indexOf('.') < 0 && !TypeTests.isInJavaLang(name)) {
            throw TypeTests.unqualified(name);
        }
        return AnnotationName.of(name.indexOf('.') < 0 ? "java.lang.".concat(name) : name);
    }

    private static ExecutionTest execution(SignaturePattern signature) {
        if (!signature.isStarAnnotation()) {
            throw new BadPointcutException("has an annotation within execution(..); write execution(..) && @annotation("
                    + "com.shop.Audited)");
        }
        List<TypeTest> parameters = new ArrayList<>();
        boolean varargs = false;
        for (TypePattern pattern : signature.getParameterTypes().getTypePatterns()) {
            parameters.add(pattern == TypePattern.ELLIPSIS ? null : TypeTests.compileInSignature(pattern));
            varargs = pattern.isVarArgs();
        }
        Glob name = glob(signature.getName());
        return new ExecutionTest(
                signature.getModifiers()::matches,
                unlessAny(TypeTests.compileInSignature(signature.getReturnType())),
                unlessAny(TypeTests.compile(signature.getDeclaringType())),
                name,
                Needle.of(name),
                parameters,
                varargs,
                TypeTests.compile(signature.getThrowsPattern().getRequired()),
                TypeTests.compile(signature.getThrowsPattern().getForbidden()));
    }

    private static TypeTest unlessAny(TypeTest test) {
        return test instanceof TypeTest.Any ? null : test;
    }

    private static Glob glob(NamePattern name) {
        return new Glob(name.toString());
    }
}
