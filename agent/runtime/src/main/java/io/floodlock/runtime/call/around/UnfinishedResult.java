package io.floodlock.runtime.call.around;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/** Whether a value stands for work that goes on, whatever the type that its method declares: {@code Object}, or a type variable. */
enum UnfinishedResult {

    /** It does not. */
    NONE,

    /** It does, and tells when the work has ended. */
    STAGE,

    /** It does, and does not tell, or only those who subscribe. */
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
