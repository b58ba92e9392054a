package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every kind of result in every shape that a method can have, all on one key. */
public final class Shapes {

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);
    private static final Executor CALLERS = Executors.newCachedThreadPool();

    private Shapes() {}

    static String visit(String folder, String rounds) {
        Sub sub = new Sub();
        List<Function<String, Object>> shapes = List.of(
                sub::callsPrivate,
                Sub::isStatic,
                sub::isFinal,
                sub::overridden,
                sub::inherited,
                sub::byDefault,
                sub::callsPrivateStage,
                Sub::staticStage,
                sub::finalStage,
                sub::overriddenStage,
                sub::inheritedStage,
                sub::defaultStage,
                sub::callsPrivateMono,
                Sub::staticMono,
                sub::finalMono,
                sub::overriddenMono,
                sub::finalFlux);
        CompletableFuture<?>[] all = Flux.range(0, Integer.parseInt(rounds) * shapes.size())
                .map(call -> CompletableFuture.runAsync(
                        () -> await(shapes.get(call % shapes.size()).apply(folder)), CALLERS))
                .toStream()
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        return "visited by " + shapes.size() + " shapes";
    }

    private static void await(Object result) {
        if (result instanceof CompletableFuture<?> stage) {
            stage.join();
        } else if (result instanceof Flux<?> flux) {
            flux.blockLast();
        } else if (result instanceof Mono<?> mono) {
            mono.block();
        }
    }

    private static String atOnce(String folder) {
        Room.enter(folder);
        Room.leave(folder);
        return "done";
    }

    private static CompletableFuture<String> later(String folder) {
        Room.enter(folder);
        return CompletableFuture.supplyAsync(() -> "done", LATER).whenComplete((seen, thrown) -> Room.leave(folder));
    }

    private static Mono<String> subscribed(String folder) {
        Room.enter(folder);
        return Mono.delay(Duration.ofMillis(1)).thenReturn("done").doOnTerminate(() -> Room.leave(folder));
    }

    private interface Defaults {

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        default String byDefault(String folder) {
            return atOnce(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        default CompletableFuture<String> defaultStage(String folder) {
            return later(folder);
        }
    }

    private static class Base {

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        String overridden(String folder) {
            return atOnce(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        String inherited(String folder) {
            return atOnce(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        CompletableFuture<String> overriddenStage(String folder) {
            return later(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        CompletableFuture<String> inheritedStage(String folder) {
            return later(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        Mono<String> overriddenMono(String folder) {
            return subscribed(folder);
        }
    }

    private static final class Sub extends Base implements Defaults {

        @Override
        @PessimisticLock(key = "{folder}", waitTime = "1m")
        String overridden(String folder) {
            return super.overridden(folder);
        }

        @Override
        @PessimisticLock(key = "{folder}", waitTime = "1m")
        CompletableFuture<String> overriddenStage(String folder) {
            return super.overriddenStage(folder);
        }

        @Override
        @PessimisticLock(key = "{folder}", waitTime = "1m")
        Mono<String> overriddenMono(String folder) {
            return super.overriddenMono(folder);
        }

        String callsPrivate(String folder) {
            return isPrivate(folder);
        }

        CompletableFuture<String> callsPrivateStage(String folder) {
            return privateStage(folder);
        }

        Mono<String> callsPrivateMono(String folder) {
            return privateMono(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        private String isPrivate(String folder) {
            return atOnce(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        private CompletableFuture<String> privateStage(String folder) {
            return later(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        private Mono<String> privateMono(String folder) {
            return subscribed(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        static String isStatic(String folder) {
            return atOnce(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        static CompletableFuture<String> staticStage(String folder) {
            return later(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        static Mono<String> staticMono(String folder) {
            return subscribed(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        final String isFinal(String folder) {
            return atOnce(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        final CompletableFuture<String> finalStage(String folder) {
            return later(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        final Mono<String> finalMono(String folder) {
            return subscribed(folder);
        }

        @PessimisticLock(key = "{folder}", waitTime = "1m")
        final Flux<String> finalFlux(String folder) {
            return subscribed(folder).flux();
        }
    }
}
