package io.floodlock.runtime.call.spec;

import java.util.Map;

/**
 * Tells how the work of a method relates to its return: it has ended, or the result stands for it. The method's
 * descriptor alone decides. With a lock rule, {@code WovenCall} surrounds a method of the kind {@link #DONE}, and
 * {@code AsyncCall} surrounds the others.
 */
public enum ResultKind {

    /** The work has ended when the method returns. */
    DONE("returns when its work is done"),

    /** The work ends when the returned {@code CompletionStage} completes. */
    STAGE("CompletionStage"),

    /** The work begins with a subscription to the returned {@code Flow.Publisher}, and ends with the subscription. */
    FLOW("Flow.Publisher"),

    /**
     * The work begins with a subscription to the returned type of a reactive library, and ends with the subscription.
     */
    REACTIVE("reactive type"),

    /** The method is a Kotlin suspend function. The work ends when its continuation is resumed. */
    SUSPEND("suspend function");

    private static final String CONTINUATION = "Lkotlin/coroutines/Continuation;)Ljava/lang/Object;";

    private static final Map<String, ResultKind> BY_TYPE = Map.ofEntries(
            Map.entry("Ljava/util/concurrent/CompletionStage;", STAGE),
            Map.entry("Ljava/util/concurrent/CompletableFuture;", STAGE),
            Map.entry("Ljava/util/concurrent/Flow$Publisher;", FLOW),
            Map.entry("Lorg/reactivestreams/Publisher;", REACTIVE),
            Map.entry("Lreactor/core/publisher/Mono;", REACTIVE),
            Map.entry("Lreactor/core/publisher/Flux;", REACTIVE),
            Map.entry("Lio/reactivex/rxjava3/core/Completable;", REACTIVE),
            Map.entry("Lio/reactivex/rxjava3/core/Flowable;", REACTIVE),
            Map.entry("Lio/reactivex/rxjava3/core/Maybe;", REACTIVE),
            Map.entry("Lio/reactivex/rxjava3/core/Observable;", REACTIVE),
            Map.entry("Lio/reactivex/rxjava3/core/Single;", REACTIVE));

    private final String text;

    ResultKind(String text) {
        this.text = text;
    }

    /** @param descriptor of a method, {@code (I)Ljava/util/concurrent/CompletableFuture;} */
    public static ResultKind of(String descriptor) {
        if (descriptor.endsWith(CONTINUATION)) {
            return SUSPEND;
        }
        return BY_TYPE.getOrDefault(descriptor.substring(descriptor.indexOf(')') + 1), DONE);
    }

    public boolean isAsynchronous() {
        return this != DONE;
    }

    /** The name in messages and explanations. */
    @Override
    public String toString() {
        return text;
    }
}
