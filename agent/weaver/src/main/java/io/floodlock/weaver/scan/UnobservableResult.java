package io.floodlock.weaver.scan;

import io.floodlock.runtime.call.spec.ResultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.signature.SignatureReader;
import net.bytebuddy.jar.asm.signature.SignatureVisitor;

/**
 * A result that stands for unfinished work whose end the agent can't observe, or for which it has no replacement. A
 * lock would be released, and a transaction ended, before the work. Decided by the declared type, because a class file
 * alone does not show which types are subtypes. {@code ShapeRules} refuses methods with such results.
 *
 * @param type as in source code, {@code java.util.concurrent.Future}
 * @param remedy what the method can return instead
 */
public record UnobservableResult(String type, String remedy) {

    private static final String ASYNCHRONOUS =
            "Return a CompletionStage, or a type of reactive-streams, Reactor or RxJava 3.";
    private static final String ELEMENTS =
            "Return a list or another collection, which is complete as the method returns.";
    private static final String ENDED =
            "Return what it holds when its work is done, or a CompletionStage for all of it.";

    /** The work has begun and may not have ended. */
    private static final Set<String> BEGUN = Set.of(
            "java/util/concurrent/Future",
            "java/util/concurrent/FutureTask",
            "java/util/concurrent/ForkJoinTask",
            "java/util/concurrent/ScheduledFuture",
            "java/util/concurrent/SubmissionPublisher",
            "reactor/core/publisher/ConnectableFlux",
            "reactor/core/publisher/GroupedFlux",
            "reactor/core/publisher/ParallelFlux",
            "io/reactivex/Completable",
            "io/reactivex/Flowable",
            "io/reactivex/Maybe",
            "io/reactivex/Observable",
            "io/reactivex/Single",
            "io/smallrye/mutiny/Uni",
            "io/smallrye/mutiny/Multi",
            "io/vertx/core/Future",
            "com/google/common/util/concurrent/ListenableFuture",
            "org/springframework/util/concurrent/ListenableFuture",
            "kotlinx/coroutines/Deferred",
            "kotlinx/coroutines/Job",
            "kotlinx/coroutines/flow/Flow");

    /** Another party runs or completes the result. */
    private static final Set<String> GIVEN = Set.of(
            "java/util/concurrent/Callable",
            "org/springframework/web/context/request/async/DeferredResult",
            "org/springframework/web/context/request/async/WebAsyncTask",
            "org/springframework/web/servlet/mvc/method/annotation/ResponseBodyEmitter",
            "org/springframework/web/servlet/mvc/method/annotation/SseEmitter",
            "org/springframework/web/servlet/mvc/method/annotation/StreamingResponseBody");

    /** The elements may be computed only when they are read. */
    private static final Set<String> DRAWN = Set.of(
            "java/util/stream/BaseStream",
            "java/util/stream/Stream",
            "java/util/stream/IntStream",
            "java/util/stream/LongStream",
            "java/util/stream/DoubleStream",
            "kotlin/sequences/Sequence");

    /** As {@link #DRAWN}, but allowed within another type. */
    private static final Set<String> DRAWN_ALONE =
            Set.of("java/lang/Iterable", "java/util/Iterator", "java/util/Spliterator");

    private static final Map<String, String> REMEDIES = Stream.of(
                    Map.entry(BEGUN, ASYNCHRONOUS), Map.entry(GIVEN, ASYNCHRONOUS), Map.entry(DRAWN, ELEMENTS))
            .flatMap(each -> each.getKey().stream().map(name -> Map.entry(name, each.getValue())))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /** Null if the result is of no such type. */
    public static UnobservableResult of(String descriptor, String signature) {
        Type result = Type.getReturnType(descriptor);
        String name = result.getSort() == Type.OBJECT ? result.getInternalName() : "";
        if (REMEDIES.containsKey(name)) {
            return new UnobservableResult(result.getClassName(), REMEDIES.get(name));
        }
        if (DRAWN_ALONE.contains(name)) {
            return new UnobservableResult(result.getClassName(), ELEMENTS);
        }
        return within(descriptor, signature);
    }

    /** Finds such a type within another, as in {@code Optional<CompletableFuture<String>>} or {@code Future[]}. */
    private static UnobservableResult within(String descriptor, String signature) {
        boolean suspends = ResultKind.of(descriptor) == ResultKind.SUSPEND;
        for (String inner : inner(descriptor, signature, suspends)) {
            if (REMEDIES.containsKey(inner)
                    || ResultKind.of("()L" + inner + ";").isAsynchronous()) {
                String around = suspends ? "" : Type.getReturnType(descriptor).getClassName() + " with ";
                return new UnobservableResult(around + inner.replace('/', '.'), ENDED);
            }
        }
        return null;
    }

    private static List<String> inner(String descriptor, String signature, boolean suspends) {
        Type result = Type.getReturnType(descriptor);
        if (signature == null) {
            boolean array =
                    result.getSort() == Type.ARRAY && result.getElementType().getSort() == Type.OBJECT;
            return array ? List.of(result.getElementType().getInternalName()) : List.of();
        }
        Names parameter = new Names();
        Names returned = new Names();
        new SignatureReader(signature).accept(new SignatureVisitor(Opcodes.ASM9) {
            @Override
            public SignatureVisitor visitParameterType() {
                parameter.all.clear();
                return parameter;
            }

            @Override
            public SignatureVisitor visitReturnType() {
                return returned;
            }
        });
        List<String> all = suspends ? parameter.all : returned.all;
        boolean outermost = !all.isEmpty() && (suspends || result.getSort() == Type.OBJECT);
        return outermost ? all.subList(1, all.size()) : all;
    }

    private static final class Names extends SignatureVisitor {

        private final List<String> all = new ArrayList<>();

        Names() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visitClassType(String name) {
            all.add(name);
        }
    }
}
