package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Bodies whose work goes on in RxJava's types. */
public final class Rx {

    private static final AtomicInteger BODIES = new AtomicInteger();

    private Rx() {}

    /** As many subscriptions at once, each of which is alone in the room. */
    static String visit(String folder, String calls) {
        Flowable.range(0, Integer.parseInt(calls))
                .flatMap(
                        call -> switch (call % 5) {
                            case 0 -> single(folder).toFlowable();
                            case 1 -> maybe(folder).toFlowable();
                            case 2 -> completable(folder).toFlowable();
                            case 3 -> observable(folder).toFlowable(BackpressureStrategy.ERROR);
                            default -> flowable(folder);
                        },
                        256)
                .count()
                .blockingGet();
        return "visited";
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Single<Long> single(String folder) {
        Room.enter(folder);
        return soon().doOnTerminate(() -> Room.leave(folder));
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Maybe<Long> maybe(String folder) {
        Room.enter(folder);
        return soon().toMaybe().doOnTerminate(() -> Room.leave(folder));
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Completable completable(String folder) {
        Room.enter(folder);
        return soon().ignoreElement().doOnTerminate(() -> Room.leave(folder));
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Observable<Long> observable(String folder) {
        Room.enter(folder);
        return Observable.intervalRange(0, 3, 0, 1, TimeUnit.MILLISECONDS).doOnTerminate(() -> Room.leave(folder));
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Flowable<Long> flowable(String folder) {
        Room.enter(folder);
        return Flowable.intervalRange(0, 3, 0, 1, TimeUnit.MILLISECONDS).doOnTerminate(() -> Room.leave(folder));
    }

    private static Single<Long> soon() {
        return Single.timer(1, TimeUnit.MILLISECONDS);
    }

    // ---- scopes inside scopes

    static String nested(String item) {
        return outer(item).blockingGet();
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static Single<String> outer(String item) {
        return soon().flatMap(tick -> inner(item))
                .observeOn(Schedulers.io())
                .map(text -> text + Stages.inner(item))
                .flatMap(text ->
                        Single.fromCompletionStage(Stages.innerStage(item)).map(text::concat));
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1s")
    static Single<String> inner(String item) {
        return soon().map(tick -> "inner ");
    }

    // ---- subscriptions

    static String repeated(String item) {
        Single<Integer> counted = counted(item);
        int before = BODIES.get();
        return before + " " + counted.repeat(3).toList().blockingGet();
    }

    @PessimisticLock(key = "item:{item}")
    static Single<Integer> counted(String item) {
        return Single.just(BODIES.incrementAndGet());
    }

    static String empty(String item) {
        return nothing(item).isEmpty().blockingGet() + " "
                + error(item)
                        .onErrorResumeNext(thrown -> inner(item).ignoreElement())
                        .toSingleDefault("failed")
                        .blockingGet();
    }

    @PessimisticLock(key = "item:{item}")
    static Maybe<String> nothing(String item) {
        return Maybe.empty();
    }

    @PessimisticLock(key = "item:{item}")
    static Completable error(String item) {
        return soon().flatMapCompletable(tick -> Completable.error(new IllegalStateException("broken")));
    }

    static String cancelled(String item, String gate) {
        Disposable subscription = hold(item).subscribe();
        Console.say("asked " + item);
        Console.waitAt(gate);
        subscription.dispose();
        return "cancelled";
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static Single<String> hold(String item) {
        Console.say("holding " + item);
        return Single.never();
    }
}
