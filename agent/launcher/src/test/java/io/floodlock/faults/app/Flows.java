package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Bodies whose work goes on in the JDK's own publishers. */
public final class Flows {

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

    private Flows() {}

    /** As many subscriptions at once, each of which is alone in the room. */
    static String visit(String folder, String calls) {
        CompletableFuture<?>[] all = IntStream.range(0, Integer.parseInt(calls))
                .mapToObj(call -> {
                    Last last = new Last();
                    inTheRoom(folder).subscribe(last);
                    return last.seen;
                })
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        return "visited";
    }

    @PessimisticLock(key = "{folder}", waitTime = "1m")
    private static Flow.Publisher<String> inTheRoom(String folder) {
        Room.enter(folder);
        SubmissionPublisher<String> publisher = new SubmissionPublisher<>();
        LATER.execute(() -> {
            publisher.submit("one");
            Room.leave(folder);
            publisher.close();
        });
        return publisher;
    }

    private static final class Last implements Flow.Subscriber<String> {

        private final CompletableFuture<String> seen = new CompletableFuture<>();
        private String last;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String item) {
            last = item;
        }

        @Override
        public void onError(Throwable thrown) {
            seen.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            seen.complete(last);
        }
    }
}
