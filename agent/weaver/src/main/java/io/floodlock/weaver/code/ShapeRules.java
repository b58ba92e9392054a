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

/** Refuses annotated methods whose class file can't carry the protection that their annotations promise. */
public final class ShapeRules {

    /** The first that knows {@code invokedynamic}. */
    static final int JAVA_7 = 51;

    private ShapeRules() {}

    public static void check(ScannedClass type, ScannedMethod method) throws Refusal {
        String asks = asks(method);
        if (type.version() < JAVA_7) {
            throw new Refusal(
                    type,
                    method,
                    asks + ", but its class file has version " + type.version()
                            + ", and calls can be woven from version " + JAVA_7 + " (Java 7) on",
                    "Compile the class for Java 7 or later.");
        }
        if (method.name().startsWith("<")) {
            throw new Refusal(type, method, asks + ", but is no method", "Only methods can be woven.");
        }
        if (method.is(Opcodes.ACC_ABSTRACT) || method.is(Opcodes.ACC_NATIVE)) {
            throw new Refusal(
                    type,
                    method,
                    asks + ", but is "
                            + (method.is(Opcodes.ACC_NATIVE) ? "native" : "abstract")
                            + ", so there is no body to weave",
                    "Annotate the methods that implement it, or a method that calls it.");
        }
        checkOnce(type, method, asks);
        checkKotlin(type, method, asks);
        checkResult(type, method, asks);
        if (method.isLockedBeyondReturn() && (method.transactional() || type.transactional())) {
            throw new Refusal(
                    type,
                    method,
                    asks + ", is itself or by its class @Transactional, and its work goes on after it has returned ("
                            + ResultKind.of(method.descriptor())
                            + "): its transaction and its lock can't be brought into order",
                    "Lock in a method that calls the transactional one, or let it return when its work is done.");
        }
    }

    /** The compiler sees to it for what stands on the method itself, but not for what an annotation on it carries. */
    private static void checkOnce(ScannedClass type, ScannedMethod method, String asks) throws Refusal {
        for (Kind kind : List.of(Kind.QUEUED, Kind.DISTRIBUTED_TX)) {
            if (method.rules().stream().filter(rule -> rule.kind() == kind).count() > 1) {
                throw new Refusal(
                        type,
                        method,
                        asks + ", of which it can follow only one @" + kind.annotation(),
                        "Keep one of them.");
            }
        }
    }

    private static void checkKotlin(ScannedClass type, ScannedMethod method, String asks) throws Refusal {
        if (method.inline()) {
            throw new Refusal(
                    type,
                    method,
                    asks + ", but is inline: Kotlin copies its body to where it is called, and no more",
                    "Remove inline, or annotate a function that calls it.");
        }
        if (method.name().equals("invokeSuspend")
                && method.descriptor().equals("(Ljava/lang/Object;)Ljava/lang/Object;")) {
            throw new Refusal(
                    type,
                    method,
                    asks + ", but is a lambda that may suspend, and called anew each time that it goes on",
                    "Annotate a named suspend function, and call it in the lambda.");
        }
    }

    private static void checkResult(ScannedClass type, ScannedMethod method, String asks) throws Refusal {
        Type result = Type.getReturnType(method.descriptor());
        ResultKind kind = ResultKind.of(method.descriptor());
        UnobservableResult late = UnobservableResult.of(method.descriptor(), method.signature());
        String returns = late != null
                ? " and returns " + late.type()
                : kind == ResultKind.SUSPEND ? ", but may suspend" : " and returns " + result.getClassName();
        if (method.carries(Kind.DISTRIBUTED_TX) && (late != null || kind.isAsynchronous())) {
            throw new Refusal(
                    type,
                    method,
                    asks + returns + ": the transaction, which is its thread's, would end before the work does",
                    "Let the method return when its work is done.");
        }
        if (method.isLocked() && late != null) {
            throw new Refusal(
                    type,
                    method,
                    asks + returns + ", which does not tell when the work has ended: the lock would be free before",
                    late.remedy());
        }
        if (method.carries(Kind.QUEUED) && kind == ResultKind.SUSPEND) {
            throw new Refusal(
                    type,
                    method,
                    asks + returns + ", and nobody would be there to be resumed when the stored call runs",
                    "Queue a function that does not suspend.");
        }
        if (method.carries(Kind.QUEUED) && result.getSort() != Type.VOID && result.getSort() < Type.ARRAY) {
            throw new Refusal(
                    type,
                    method,
                    asks + " and returns " + result.getClassName() + ", which is not known when the call is stored",
                    "Return void or a CompletableFuture.");
        }
    }

    /** {@code carries @Queued and @SharedLock}, {@code carries @Queued and matches shop.rules:3: sharedLock}. */
    private static String asks(ScannedMethod method) {
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
