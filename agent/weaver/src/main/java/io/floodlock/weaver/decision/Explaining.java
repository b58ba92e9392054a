package io.floodlock.weaver.decision;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.code.FacadeMethod;
import io.floodlock.weaver.code.Hook;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import io.floodlock.weaver.scan.ConstantPool;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;
import io.floodlock.weaver.scan.Targets;
import java.util.List;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.Opcodes;

/** Puts what the weaver decides into words. Thread-safe where the reader is; what the reader throws changes no decision. */
public final class Explaining extends Decisions {

    private final Consumer<WeavingDecision> reader;

    public Explaining(Consumer<WeavingDecision> reader) {
        this.reader = reader;
    }

    /** To the agent's log. */
    public static Decisions inLog() {
        return new Explaining(new LogLines());
    }

    @Override
    public void woven(ScannedClass type, ScannedMethod method, CallSpec spec, Hook hook) {
        if (Targets.isFacade(type.name()) && !FacadeMethod.replaces(method)) {
            return;
        }
        List<Rule> rules = spec == null ? List.of() : spec.rules();
        report(new WeavingDecision(
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
    public void passedOver(ScannedClass type, ScannedMethod method) {
        report(new WeavingDecision(
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
    public void passedOver(ScannedClass type, ScannedMethod method, Rule rule, String reason) {
        report(new WeavingDecision(
                Outcome.PASSED_OVER,
                type.displayName(),
                method.name(),
                method.descriptor(),
                List.of(rule),
                List.of(),
                reason));
    }

    @Override
    public void generated(String name, byte[] file) {
        if (ConstantPool.isAnnotated(file)) {
            report(WeavingDecision.ofClass(
                    Outcome.PASSED_OVER,
                    displayed(name),
                    "a generated class, by its name; what it overrides or calls is woven in its parent"));
        }
    }

    @Override
    public void outside(ClassLoader loader, String name, byte[] file) {
        if (name != null && loader != getClass().getClassLoader() && ConstantPool.isAnnotated(file)) {
            report(WeavingDecision.ofClass(
                    Outcome.PASSED_OVER,
                    displayed(name),
                    "loaded by the JDK's " + (loader == null ? "bootstrap" : "platform")
                            + " class loader, whose classes are not woven; put it on the class path"));
        }
    }

    @Override
    public void failed(String name, boolean refused, String reason) {
        report(WeavingDecision.ofClass(refused ? Outcome.REFUSED : Outcome.UNPROTECTED, displayed(name), reason));
    }

    private static String displayed(String name) {
        return name.replace('/', '.');
    }

    private void report(WeavingDecision decision) {
        try {
            reader.accept(decision);
        } catch (RuntimeException | LinkageError unexplained) {
            // what is woven must not depend on who reads about it
        }
    }
}
