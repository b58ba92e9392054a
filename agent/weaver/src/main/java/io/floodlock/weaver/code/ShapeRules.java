package io.floodlock.weaver.code;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.scan.Refusal;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;
import io.floodlock.weaver.scan.UnobservableResult;
import java.util.List;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Refuses annotated methods to which weaving can't give the protection that their annotations or rules promise. {@code
 * ClassWeaver} calls {@link #check} before it weaves a method. Stateless.
 */
public final class ShapeRules {

    /** The first class file version with {@code invokedynamic}. */
    static final int JAVA_7 = 51;

    private ShapeRules() {}

    /** @throws Refusal naming the method, the reason and the remedy */
    public static void check(ScannedClass type, ScannedMethod method) throws Refusal {
        String rules = rules(method);
        if (type.version() < JAVA_7) {
            throw new Refusal(
                    type,
                    method,
                    rules + ", but its class file has version " + type.version()
                            + ", and calls can be woven from version " + JAVA_7 + " (Java 7) on",
                    "Compile the class for Java 7 or later.");
        }
        if (method.name().startsWith("<")) {
            throw new Refusal(type, method, rules + ", but is not a method", "Only methods can be woven.");
        }
        if (method.is(Opcodes.ACC_ABSTRACT) || method.is(Opcodes.ACC_NATIVE)) {
            throw new Refusal(
                    type,
                    method,
                    rules + ", but is "
                            + (method.is(Opcodes.ACC_NATIVE) ? "native" : "abstract")
                            + ", so there is no body to weave",
                    "Annotate the methods that implement it, or a method that calls it.");
        }
        checkOnce(type, method, rules);
        checkKotlin(type, method, rules);
        checkResult(type, method, rules);
        if (method.isLockedBeyondReturn() && (method.transactional() || type.transactional())) {
            throw new Refusal(
                    type,
                    method,
                    rules + ", is itself or by its class @Transactional, and its work goes on after it has returned ("
                            + ResultKind.of(method.descriptor())
                            + "): its transaction and its lock can't be put in the right order",
                    "Lock in a method that calls the transactional one, or let it return when its work is done.");
        }
    }

    /**
     * The compiler ensures this for annotations on the method itself, but not for those that another annotation
     * carries.
     */
    private static void checkOnce(ScannedClass type, ScannedMethod method, String rules) throws Refusal {
        for (Kind kind : List.of(Kind.QUEUED, Kind.DISTRIBUTED_TX)) {
            if (method.rules().stream().filter(rule -> rule.kind() == kind).count() > 1) {
                throw new Refusal(
                        type,
                        method,
                        rules + ", but a method can have only one @" + kind.annotation(),
                        "Keep one of them.");
            }
        }
    }

    private static void checkKotlin(ScannedClass type, ScannedMethod method, String rules) throws Refusal {
        if (method.inline()) {
            throw new Refusal(
                    type,
                    method,
                    rules + ", but is inline: Kotlin copies its body to its callers, without the protection",
                    "Remove inline, or annotate a function that calls it.");
        }
        if (method.name().equals("invokeSuspend")
                && method.descriptor().equals("(Ljava/lang/Object;)Ljava/lang/Object;")) {
            throw new Refusal(
                    type,
                    method,
                    rules + ", but is a lambda that may suspend, and is called again each time it is resumed",
                    "Annotate a named suspend function, and call it in the lambda.");
        }
    }

    private static void checkResult(ScannedClass type, ScannedMethod method, String rules) throws Refusal {
        Type result = Type.getReturnType(method.descriptor());
        ResultKind kind = ResultKind.of(method.descriptor());
        UnobservableResult late = UnobservableResult.of(method.descriptor(), method.signature());
        String returns = late != null
                ? " and returns " + late.type()
                : kind == ResultKind.SUSPEND ? ", but may suspend" : " and returns " + result.getClassName();
        // the result of a stored call is a stage in any case; in a transaction it must be complete at the return
        boolean isAnswer = method.carries(Kind.QUEUED) && kind == ResultKind.STAGE;
        if (method.carries(Kind.DISTRIBUTED_TX) && !isAnswer && (late != null || kind.isAsynchronous())) {
            throw new Refusal(
                    type,
                    method,
                    rules + returns + ": the transaction is bound to the thread and would end before the work does",
                    "Let the method return when its work is done.");
        }
        if (method.isLocked() && late != null) {
            throw new Refusal(
                    type,
                    method,
                    rules + returns + ", which does not report when the work has ended: the lock would be free before",
                    late.remedy());
        }
        if (method.carries(Kind.QUEUED) && kind == ResultKind.SUSPEND) {
            throw new Refusal(
                    type,
                    method,
                    rules + returns + ", and its caller could not be resumed when the stored call runs",
                    "Queue a function that does not suspend.");
        }
        if (method.carries(Kind.QUEUED) && result.getSort() != Type.VOID && result.getSort() < Type.ARRAY) {
            throw new Refusal(
                    type,
                    method,
                    rules + " and returns " + result.getClassName() + ", which is not known when the call is stored",
                    "Return void or a CompletableFuture.");
        }
    }

    /** {@code carries @Queued and @SharedLock}, {@code carries @Queued and matches shop.rules:3: sharedLock}. */
    private static String rules(ScannedMethod method) {
        StringBuilder carried = new StringBuilder();
        StringBuilder matched = new StringBuilder();
        for (Rule rule : method.rules()) {
            StringBuilder names = rule.isAnnotation() ? carried : matched;
            if (names.indexOf(rule.title()) < 0) {
                names.append(names.isEmpty() ? (rule.isAnnotation() ? "carries " : "matches ") : " and ")
                        .append(rule.title());
            }
        }
        return carried + (carried.isEmpty() || matched.isEmpty() ? "" : " and ") + matched;
    }
}
