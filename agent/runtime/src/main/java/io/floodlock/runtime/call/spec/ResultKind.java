package io.floodlock.runtime.call.spec;

import java.util.Map;

/** Whether a method's work has ended when it returns, told by its descriptor alone. */
public enum ResultKind {

    /** It has. */
    DONE("returns when its work is done"),

    /** It ends as a {@code CompletionStage} completes. */
    STAGE("CompletionStage"),

    /** It begins with a subscription to a {@code Flow.Publisher}, and ends with it. */
    FLOW("Flow.Publisher"),

    /** It begins with a subscription to a type of a reactive library, and ends with it. */
    REACTIVE("reactive type"),

    /** It is a Kotlin function that may suspend, and ends as its continuation is resumed. */
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

    /** As messages and explanations name it. */
    @Override
    public String toString() {
        return text;
    }
}
