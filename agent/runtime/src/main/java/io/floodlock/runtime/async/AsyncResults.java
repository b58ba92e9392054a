package io.floodlock.runtime.async;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * Makes the result that a woven asynchronous method returns to its caller. The locks are held from before the body runs
 * until the work that the result stands for has ended. There is one implementation for each kind of result;
 * {@code AsyncCall} chooses it once per method. Read {@link AsyncScopeGuard} next. Thread-safe.
 */
public interface AsyncResults {

    /** The result of one call. Its body runs now, later, or at each subscription. */
    Object start(AsyncBody body);

    /** For methods that return a CompletionStage or a CompletableFuture. */
    static AsyncResults stage() {
        return ScopedStage::start;
    }

    /** For methods that return a {@link Flow.Publisher}. */
    @SuppressWarnings("unchecked")
    static AsyncResults flow() {
        return body -> new ScopedPublisher(body, returned -> (Flow.Publisher<Object>) returned, false);
    }

    /**
     * For Kotlin functions that may suspend.
     *
     * @param caller a lookup that sees what the function's class sees
     * @throws LinkageError if the class's loader has no Kotlin that the agent supports
     */
    static AsyncResults suspended(MethodHandles.Lookup caller, Method function) {
        Coroutines coroutines = Coroutines.beside(caller.lookupClass());
        ResumedResult resumedResult = ResumedResult.of(caller, function);
        return body -> new SuspendedCall(coroutines, resumedResult, body).start();
    }

    /**
     * For methods that return a type of a reactive library. All these types convert to and from reactive-streams
     * publishers.
     *
     * @param type the declared type, as the application's class sees it
     * @throws LinkageError if the type is not supported, or lacks a method that its name promises
     */
    static AsyncResults reactive(Class<?> type) {
        try {
            return switch (type.getName()) {
                case "org.reactivestreams.Publisher" -> of(type, null, null, false);
                case "reactor.core.publisher.Mono" -> of(type, null, maker(type, "fromDirect"), true);
                case "reactor.core.publisher.Flux" -> of(type, null, maker(type, "from"), false);
                case "io.reactivex.rxjava3.core.Flowable" -> of(type, null, maker(type, "fromPublisher"), false);
                case "io.reactivex.rxjava3.core.Observable" ->
                    of(type, observed(type), maker(type, "fromPublisher"), false);
                case "io.reactivex.rxjava3.core.Completable", "io.reactivex.rxjava3.core.Single" ->
                    of(type, flowable(type), maker(type, "fromPublisher"), true);
                case "io.reactivex.rxjava3.core.Maybe" -> of(type, flowable(type), maybe(type), true);
                default -> throw new LinkageError(type.getName() + " is not a supported reactive type");
            };
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName() + " lacks a method that is needed to end a scope with it: " + e, e);
        }
    }

    /**
     * @param toPublisher {@code (Object)Object}, null where the type is a publisher itself
     * @param fromPublisher {@code (Object)Object}, null where any publisher is suitable
     */
    private static AsyncResults of(
            Class<?> type, MethodHandle toPublisher, MethodHandle fromPublisher, boolean single) {
        ReactiveStreams streams = ReactiveStreams.beside(type);
        Function<Object, Flow.Publisher<Object>> view = returned -> streams.toFlow(converted(toPublisher, returned));
        return body -> converted(fromPublisher, streams.fromFlow(new ScopedPublisher(body, view, single)));
    }

    private static Object converted(MethodHandle conversion, Object value) {
        return conversion == null ? value : LibraryMethods.call(conversion, value);
    }

    private static MethodHandle maker(Class<?> type, String method) throws ReflectiveOperationException {
        return LibraryMethods.statik(
                type, method, type, ReactiveStreams.beside(type).publisherType());
    }

    private static MethodHandle flowable(Class<?> type) throws ReflectiveOperationException {
        return LibraryMethods.virtual(type, "toFlowable", beside(type, "Flowable"));
    }

    /** An observable has no demand, so there is none to respect. */
    private static MethodHandle observed(Class<?> type) throws ReflectiveOperationException {
        Class<?> strategy = beside(type, "BackpressureStrategy");
        MethodHandle toFlowable = LibraryMethods.virtual(type, "toFlowable", beside(type, "Flowable"), strategy);
        return MethodHandles.insertArguments(
                toFlowable, 1, strategy.getField("MISSING").get(null));
    }

    private static MethodHandle maybe(Class<?> type) throws ReflectiveOperationException {
        Class<?> flowable = beside(type, "Flowable");
        return MethodHandles.filterReturnValue(
                maker(flowable, "fromPublisher"), LibraryMethods.virtual(flowable, "singleElement", type));
    }

    private static Class<?> beside(Class<?> type, String simpleName) throws ClassNotFoundException {
        return Class.forName(type.getPackageName() + "." + simpleName, true, type.getClassLoader());
    }
}
