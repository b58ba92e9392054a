package io.floodlock.weaver;

import io.floodlock.runtime.call.Kind;
import io.floodlock.runtime.call.Rule;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Refuses annotated methods whose class file can't carry the protection that their annotations promise. */
final class Shape {

    /** The first that knows {@code invokedynamic}. */
    static final int JAVA_7 = 51;

    /**
     * Results that stand for work not done yet, by the declared type: their subtypes can't be told from a class file alone.
     */
    private static final Set<String> ASYNCHRONOUS = Set.of(
            "java/util/concurrent/CompletionStage",
            "java/util/concurrent/CompletableFuture",
            "java/util/concurrent/Future",
            "java/util/concurrent/FutureTask",
            "java/util/concurrent/ScheduledFuture",
            "java/util/concurrent/Flow$Publisher",
            "java/util/concurrent/SubmissionPublisher",
            "org/reactivestreams/Publisher",
            "reactor/core/publisher/Mono",
            "reactor/core/publisher/Flux",
            "io/reactivex/rxjava3/core/Completable",
            "io/reactivex/rxjava3/core/Flowable",
            "io/reactivex/rxjava3/core/Maybe",
            "io/reactivex/rxjava3/core/Observable",
            "io/reactivex/rxjava3/core/Single",
            "io/smallrye/mutiny/Uni",
            "io/smallrye/mutiny/Multi",
            "io/vertx/core/Future",
            "com/google/common/util/concurrent/ListenableFuture",
            "kotlinx/coroutines/Deferred",
            "kotlinx/coroutines/Job",
            "kotlinx/coroutines/flow/Flow");

    private static final String CONTINUATION = "kotlin/coroutines/Continuation";

    private Shape() {}

    static void check(ScannedClass type, ScannedMethod method) throws Refusal {
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
        checkResult(type, method, asks);
        if (method.isLocked() && (method.transactional() || type.transactional())) {
            throw new Refusal(
                    type,
                    method,
                    asks + " and, itself or by its class, @Transactional: the lock would be free"
                            + " before that transaction commits",
                    "Lock in a method that calls the transactional one.");
        }
    }

    private static void checkResult(ScannedClass type, ScannedMethod method, String asks) throws Refusal {
        Type[] parameters = Type.getArgumentTypes(method.descriptor());
        Type result = Type.getReturnType(method.descriptor());
        boolean suspends = parameters.length > 0
                && parameters[parameters.length - 1].getDescriptor().equals("L" + CONTINUATION + ";");
        if (suspends) {
            throw new Refusal(
                    type,
                    method,
                    asks + ", but is a suspend function, whose work goes on after it returns",
                    "Annotate a function that does not suspend.");
        }
        // with @Queued too: the consumer would free the lock, or commit, while the stage that the body returned is
        // running
        if (method.isScoped() && result.getSort() == Type.OBJECT && ASYNCHRONOUS.contains(result.getInternalName())) {
            throw new Refusal(
                    type,
                    method,
                    asks + " and returns " + result.getClassName()
                            + ": the scope would end before the asynchronous work does",
                    "Annotate the method that does the work, or return its result.");
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
