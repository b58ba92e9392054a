package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Bodies whose work goes on in Reactor's types. */
public final class Reactive {

    private static final Duration SOON = Duration.ofMillis(1);
    private static final Scheduler EVENT_LOOP = Schedulers.newSingle("event-loop");
    private static final AtomicInteger BODIES = new AtomicInteger();

    private Reactive() {}

    /** As many subscriptions at once, each of which is alone in the room. */
    static String visit(String folder, String calls) {
        Flux.range(0, Integer.parseInt(calls))
                .flatMap(
                        call -> switch (call % 3) {
                            case 0 -> mono(folder);
                            case 1 -> flux(folder).last();
                            default -> Mono.from(publisher(folder));
                        },
                        256)
                .blockLast();
        return "visited";
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Mono<Integer> mono(String folder) {
        Room.enter(folder);
        return Mono.delay(SOON).thenReturn(1).doOnTerminate(() -> Room.leave(folder));
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Flux<Integer> flux(String folder) {
        Room.enter(folder);
        return Flux.range(0, 3).delayElements(SOON).doOnTerminate(() -> Room.leave(folder));
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Publisher<Integer> publisher(String folder) {
        return Mono.fromCallable(() -> {
                    Room.enter(folder);
                    return 2;
                })
                .delayElement(SOON)
                .doOnTerminate(() -> Room.leave(folder));
    }

    // ---- scopes inside scopes

    static String nested(String item) {
        return outer(item).block();
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static Mono<String> outer(String item) {
        return Mono.delay(SOON)
                .flatMap(tick -> inner(item))
                .publishOn(Schedulers.boundedElastic())
                .map(text -> text + Stages.inner(item))
                .flatMap(text -> Mono.fromFuture(Stages.innerStage(item)).map(text::concat));
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1s")
    static Mono<String> inner(String item) {
        return Mono.delay(SOON).thenReturn("inner ");
    }

    // ---- subscriptions

    /** One result, subscribed to three times; unsubscribed ones do nothing. */
    static String repeated(String item) {
        Mono<Integer> counted = counted(item);
        int before = BODIES.get();
        return before + " " + counted.repeat(2).collectList().block();
    }

    @PessimisticLock(key = "item:{item}")
    static Mono<Integer> counted(String item) {
        return Mono.just(BODIES.incrementAndGet());
    }

    static String context(String item) {
        return seesContext(item)
                .contextWrite(context -> context.put("user", "ann"))
                .block();
    }

    @PessimisticLock(key = "item:{item}")
    static Mono<String> seesContext(String item) {
        return Mono.delay(SOON).flatMap(tick -> Mono.deferContextual(context -> Mono.just(context.get("user"))));
    }

    static String failing(String item) {
        return fails(item)
                .onErrorResume(thrown -> inner(item).map(thrown.getMessage()::concat))
                .block();
    }

    @PessimisticLock(key = "item:{item}")
    static Mono<String> fails(String item) {
        return Mono.delay(SOON).flatMap(tick -> Mono.error(new IllegalStateException("failed, then ")));
    }

    /** Subscribes on the event loop to what never ends, and cancels when the test says so. */
    static String cancelled(String item, String gate) {
        Disposable subscription = hold(item).subscribeOn(EVENT_LOOP).subscribe(text -> Console.say("got " + text));
        Console.say("asked " + item);
        Console.waitAt(gate);
        subscription.dispose();
        return "cancelled";
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static Mono<String> hold(String item) {
        Console.say("holding " + item);
        return Mono.never();
    }

    static String ping() {
        return Mono.just("pong").subscribeOn(EVENT_LOOP).block();
    }

    @PessimisticLock(key = "item:{item}", maxHold = "500ms")
    static Mono<String> forget(String item) {
        return Mono.never();
    }

    static String forgotten(String item) {
        return forget(item).block();
    }
}
