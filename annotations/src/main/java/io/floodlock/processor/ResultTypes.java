package io.floodlock.processor;

import java.util.HashSet;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Checks what a method with {@code @Queued} or {@code @DistributedTx} returns. Stateless. */
final class ResultTypes {

    private static final Set<String> STAGES =
            Set.of("java.util.concurrent.CompletionStage", "java.util.concurrent.CompletableFuture");

    /** Results that stand for work that goes on after the method has returned. */
    private static final Set<String> ASYNCHRONOUS = Set.of(
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.Flow$Publisher",
            "org.reactivestreams.Publisher",
            "reactor.core.publisher.Mono",
            "reactor.core.publisher.Flux",
            "io.reactivex.rxjava3.core.Completable",
            "io.reactivex.rxjava3.core.Flowable",
            "io.reactivex.rxjava3.core.Maybe",
            "io.reactivex.rxjava3.core.Observable",
            "io.reactivex.rxjava3.core.Single",
            "java.util.concurrent.Future",
            "java.util.concurrent.FutureTask",
            "java.util.concurrent.ForkJoinTask",
            "java.util.concurrent.ScheduledFuture",
            "java.util.concurrent.SubmissionPublisher",
            "reactor.core.publisher.ConnectableFlux",
            "reactor.core.publisher.GroupedFlux",
            "reactor.core.publisher.ParallelFlux",
            "io.reactivex.Completable",
            "io.reactivex.Flowable",
            "io.reactivex.Maybe",
            "io.reactivex.Observable",
            "io.reactivex.Single",
            "io.smallrye.mutiny.Uni",
            "io.smallrye.mutiny.Multi",
            "io.vertx.core.Future",
            "com.google.common.util.concurrent.ListenableFuture",
            "org.springframework.util.concurrent.ListenableFuture",
            "java.util.concurrent.Callable",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask",
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.SseEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody",
            "java.util.stream.BaseStream",
            "java.util.stream.Stream",
            "java.util.stream.IntStream",
            "java.util.stream.LongStream",
            "java.util.stream.DoubleStream",
            "kotlin.sequences.Sequence",
            "kotlinx.coroutines.Deferred",
            "kotlinx.coroutines.Job",
            "kotlinx.coroutines.flow.Flow");

    /** As {@link #ASYNCHRONOUS}, but allowed within another type. */
    private static final Set<String> ALONE =
            Set.of("java.lang.Iterable", "java.util.Iterator", "java.util.Spliterator");

    private ResultTypes() {}

    /** @throws IllegalArgumentException if a queued method can't return that type */
    static void checkQueued(ExecutableElement method, TypeModel model) {
        TypeMirror returned = method.getReturnType();
        boolean known = returned.getKind() != TypeKind.ERROR;
        if (known && returned.getKind() != TypeKind.VOID && !STAGES.contains(model.name(model.erasure(returned)))) {
            throw new IllegalArgumentException("stands on a method that returns " + returned
                    + "; a queued method returns before its body runs: let it return void, CompletionStage or"
                    + " CompletableFuture");
        }
    }

    /** The type of the result that travels back to the caller; null if there is none. */
    static TypeMirror stored(ExecutableElement method, TypeModel model) {
        TypeMirror returned = model.concrete(method.getReturnType());
        return returned instanceof DeclaredType stage
                        && returned.getKind() == TypeKind.DECLARED
                        && STAGES.contains(model.name(stage))
                ? stage.getTypeArguments().get(0)
                : null;
    }

    /** @throws IllegalArgumentException if a transaction would end before the work of the method */
    static void checkTransactional(ExecutableElement method, TypeModel model) {
        TypeMirror returned = model.concrete(method.getReturnType());
        if (ALONE.contains(model.name(returned)) || isAsynchronous(returned, model, new HashSet<>())) {
            throw new IllegalArgumentException("stands on a method that returns " + method.getReturnType()
                    + "; the transaction is bound to the thread and would end before the work does: let the method"
                    + " return when its work is done");
        }
    }

    private static boolean isAsynchronous(TypeMirror type, TypeModel model, Set<String> visited) {
        if (type instanceof ArrayType array) {
            return isAsynchronous(array.getComponentType(), model, visited);
        }
        if (ASYNCHRONOUS.contains(model.name(type))) {
            return true;
        }
        return type instanceof DeclaredType declared
                && visited.add(model.text(type))
                && declared.getTypeArguments().stream().anyMatch(each -> isAsynchronous(each, model, visited));
    }
}
