package io.floodlock.weaver;

import io.floodlock.runtime.call.CallSpec;
import io.floodlock.runtime.call.Kind;
import io.floodlock.runtime.call.ResultKind;
import io.floodlock.runtime.call.Rule;
import io.floodlock.weaver.explain.Decision;
import io.floodlock.weaver.explain.Decision.Outcome;
import java.util.List;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.Opcodes;

/** Puts what the weaver decides into words. Thread-safe where the reader is; what the reader throws changes no decision. */
final class Explaining extends Decisions {

    private final Consumer<Decision> reader;

    Explaining(Consumer<Decision> reader) {
        this.reader = reader;
    }

    /** To the agent's log. */
    static Decisions inLog() {
        return new Explaining(new LogLines());
    }

    @Override
    void woven(ScannedClass type, ScannedMethod method, CallSpec spec, Hook hook) {
        if (Targets.isFacade(type.name()) && !FacadeMethod.replaces(method)) {
            return;
        }
        List<Rule> rules = spec == null ? List.of() : spec.rules();
        tell(new Decision(
                Outcome.WOVEN,
                type.displayName(),
                method.name(),
                method.descriptor(),
                rules,
                method.overridden(),
                note(type, method, spec, hook)));
    }

    private static String note(ScannedClass type, ScannedMethod method, CallSpec spec, Hook hook) {
        if (hook != null) {
            return hook.explanation();
        }
        if (spec != null
                && method.carries(Kind.QUEUED)
                && method.descriptor().endsWith(")V")
                && method.changed() != null) {
            return "warning: the body seems to change its argument (" + method.changed()
                    + "), which the caller does not see: it runs later, on a copy; return a CompletableFuture, or store it";
        }
        if (spec != null) {
            return method.isLockedBeyondReturn()
                    ? "until its asynchronous work has ended (" + ResultKind.of(method.descriptor()) + ")"
                    : "";
        }
        return Targets.isFacade(type.name()) ? "answers for the agent" : "tells that the class is initialized";
    }

    @Override
    void passedOver(ScannedClass type, ScannedMethod method) {
        tell(new Decision(
                Outcome.PASSED_OVER,
                type.displayName(),
                method.name(),
                method.descriptor(),
                method.rules(),
                List.of(),
                method.is(Opcodes.ACC_BRIDGE)
                        ? "a bridge of the compiler's, which calls the woven method"
                        : "synthetic: the compiler made it"));
    }

    @Override
    void passedOver(ScannedClass type, ScannedMethod method, Rule rule, String reason) {
        tell(new Decision(
                Outcome.PASSED_OVER,
                type.displayName(),
                method.name(),
                method.descriptor(),
                List.of(rule),
                List.of(),
                reason));
    }

    @Override
    void generated(String name, byte[] file) {
        if (ConstantPool.isAnnotated(file)) {
            tell(Decision.ofClass(
                    Outcome.PASSED_OVER,
                    displayed(name),
                    "a generated class, by its name; what it overrides or calls is woven in its parent"));
        }
    }

    @Override
    void outside(ClassLoader loader, String name, byte[] file) {
        if (name != null && loader != getClass().getClassLoader() && ConstantPool.isAnnotated(file)) {
            tell(Decision.ofClass(
                    Outcome.PASSED_OVER,
                    displayed(name),
                    "loaded by the JDK's " + (loader == null ? "bootstrap" : "platform")
                            + " class loader, whose classes are not woven; put it on the class path"));
        }
    }

    @Override
    void failed(String name, boolean refused, String reason) {
        tell(Decision.ofClass(refused ? Outcome.REFUSED : Outcome.UNPROTECTED, displayed(name), reason));
    }

    private static String displayed(String name) {
        return name.replace('/', '.');
    }

    private void tell(Decision decision) {
        try {
            reader.accept(decision);
        } catch (RuntimeException | LinkageError unexplained) {
            // what is woven must not depend on who reads about it
        }
    }
}
