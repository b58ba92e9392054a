package io.floodlock.weaver.pointcut;

import java.util.List;
import java.util.function.IntPredicate;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The pointcut {@code execution(...)}. Modifiers, name and throws clause are compared with the method itself.
 * Declaring type, result and parameters may also be those of any declaration that the method overrides or implements.
 *
 * @param declaring null for any type
 * @param result null for any type
 * @param needle text that the method's name must contain; null if nearly any name matches
 * @param parameters a null element stands for {@code ..}
 * @param varargs whether the last parameter is written with {@code ...}
 */
record ExecutionTest(
        IntPredicate modifiers,
        TypeTest result,
        TypeTest declaring,
        Glob name,
        Needle needle,
        List<TypeTest> parameters,
        boolean varargs,
        List<TypeTest> thrown,
        List<TypeTest> notThrown)
        implements Pointcut {

    @Override
    public boolean mayMatch(ClassSketch glance) {
        return glance.declares(this) && (declaring == null || declaring.mayBeOf(glance));
    }

    @Override
    public boolean names(String type) {
        return declaring instanceof TypeTest.Named named
                && named.name().isLiteral()
                && named.name().isCalled(type);
    }

    private enum Match {
        YES,
        /** This declaration doesn't match; one that it overrides may match. */
        MAYBE,
        NO
    }

    @Override
    public boolean matches(Subject subject) {
        MethodShape method = subject.method;
        if (!name.matches(method.name())
                || !modifiers.test(method.access())
                || !fits(method.parameters().size())
                || !matchesThrown(subject)) {
            return false;
        }
        Match own = match(Declaration.asWritten(subject.type, method), subject.types);
        if (own != Match.MAYBE) {
            return own == Match.YES;
        }
        for (Declaration declaration : subject.overridden()) {
            Match match = match(declaration, subject.types);
            if (match != Match.MAYBE) {
                return match == Match.YES;
            }
        }
        return false;
    }

    private Match match(Declaration declaration, Types types) {
        if (result != null && !result.fits(declaration.result())) {
            return Match.NO;
        }
        if (declaring != null && !declaring.matches(declaration.owner(), types)) {
            return Match.MAYBE;
        }
        if (result != null && !result.matches(declaration.result(), types)) {
            return Match.MAYBE;
        }
        if (isOpen()) {
            return Match.YES;
        }
        return matches(0, declaration.parameters(), 0, types) && agreesOnVarargs(declaration.method())
                ? Match.YES
                : Match.MAYBE;
    }

    private boolean matchesThrown(Subject subject) {
        for (TypeTest test : thrown) {
            if (!TypeTest.anyMatches(test, subject.method.exceptions(), subject.types)) {
                return false;
            }
        }
        for (TypeTest test : notThrown) {
            if (TypeTest.anyMatches(test, subject.method.exceptions(), subject.types)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the parameters are {@code (..)}. */
    private boolean isOpen() {
        return parameters.size() == 1 && parameters.get(0) == null;
    }

    /** Whether a method with those access flags and that number of parameters may match. */
    boolean fits(int access, int count) {
        return modifiers.test(access) && fits(count);
    }

    private boolean fits(int count) {
        int open = 0;
        for (TypeTest parameter : parameters) {
            open += parameter == null ? 1 : 0;
        }
        return open == 0 ? count == parameters.size() : count >= parameters.size() - open;
    }

    private boolean matches(int at, List<TypeUse> given, int type, Types types) {
        if (at == parameters.size()) {
            return type == given.size();
        }
        TypeTest test = parameters.get(at);
        if (test != null) {
            return type < given.size()
                    && test.matches(given.get(type), types)
                    && matches(at + 1, given, type + 1, types);
        }
        for (int from = type; from <= given.size(); from++) {
            if (matches(at + 1, given, from, types)) {
                return true;
            }
        }
        return false;
    }

    /** An array parameter in the pattern does not match a varargs parameter of a method, nor the reverse. */
    private boolean agreesOnVarargs(MethodShape method) {
        if (parameters.isEmpty()) {
            return true;
        }
        TypeTest last = parameters.get(parameters.size() - 1);
        return method.is(Opcodes.ACC_VARARGS) ? varargs || last == null || last instanceof TypeTest.Any : !varargs;
    }
}
