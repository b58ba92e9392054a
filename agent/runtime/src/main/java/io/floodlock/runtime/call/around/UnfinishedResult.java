package io.floodlock.runtime.call.around;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * Decides by a value's class whether the value stands for unfinished work. A Future that is done does not. {@link
 * ScopeExit} uses it for methods whose declared result type, such as {@code Object} or a type variable, does not show
 * this. {@code ResultKind} decides by the declared type.
 */
enum UnfinishedResult {

    /** The work has ended. */
    NONE,

    /** The work may continue; the value reports its end. */
    STAGE,

    /** The work may continue; the value does not report its end, or reports it to subscribers only. */
    UNOBSERVABLE;

    private static final Set<String> LAZY = Set.of(
            "java.util.concurrent.Flow$Publisher",
            "org.reactivestreams.Publisher",
            "io.reactivex.rxjava3.core.CompletableSource",
            "io.reactivex.rxjava3.core.MaybeSource",
            "io.reactivex.rxjava3.core.ObservableSource",
            "io.reactivex.rxjava3.core.SingleSource",
            "io.smallrye.mutiny.Uni",
            "io.vertx.core.Future",
            "kotlinx.coroutines.Job",
            "kotlinx.coroutines.flow.Flow");

    private static final ClassValue<UnfinishedResult> OF = new ClassValue<>() {
        @Override
        protected UnfinishedResult computeValue(Class<?> type) {
            if (CompletionStage.class.isAssignableFrom(type)) {
                return STAGE;
            }
            return Future.class.isAssignableFrom(type) || isLazy(type) ? UNOBSERVABLE : NONE;
        }
    };

    static UnfinishedResult of(Object value) {
        if (value == null || value instanceof Future<?> future && future.isDone()) {
            return NONE;
        }
        return OF.get(value.getClass());
    }

    private static boolean isLazy(Class<?> type) {
        if (type == null) {
            return false;
        }
        if (LAZY.contains(type.getName()) || isLazy(type.getSuperclass())) {
            return true;
        }
        for (Class<?> implemented : type.getInterfaces()) {
            if (isLazy(implemented)) {
                return true;
            }
        }
        return false;
    }
}
