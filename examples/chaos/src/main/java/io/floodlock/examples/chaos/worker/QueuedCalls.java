package io.floodlock.examples.chaos.worker;

import io.floodlock.Queued;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/** The methods of the queue that JVMs of every version have. */
final class QueuedCalls {

    static final String QUEUE = "chaos";

    private static final String WAIT = "5s";

    private QueuedCalls() {}

    @Queued(queue = QUEUE, name = "quick", key = "{key}", waitTime = WAIT)
    static void quick(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.QUICK, key, producer, number);
    }

    @Queued(queue = QUEUE, name = "chaining", key = "{key}", waitTime = WAIT)
    static void chaining(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.CHAINING, key, producer, number);
    }

    @Queued(queue = QUEUE, name = "chained", key = "{key}", waitTime = WAIT)
    static void chained(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.CHAINED, key, producer, number);
    }

    record Together(String key, String producer, int number) {}

    @Queued(queue = QUEUE, name = "together", key = "{key}", waitTime = WAIT, batch = "allTogether", batchSize = 50)
    static void together(String key, String producer, int number) throws Exception {
        allTogether(List.of(new Together(key, producer, number)));
    }

    static void allTogether(List<Together> calls) throws Exception {
        Thread.sleep(ThreadLocalRandom.current().nextInt(20));
        for (Together call : calls) {
            CallBodies.ran(call.key, call.producer, call.number);
        }
    }

    @Queued(queue = QUEUE, name = "asking", key = "{key}", waitTime = WAIT)
    static CompletionStage<Integer> asking(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.ASKING, key, producer, number);
        return CompletableFuture.completedFuture(number);
    }

    @Queued(queue = QUEUE, name = "paced", key = "{key}", waitTime = WAIT)
    static void paced(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.PACED, key, producer, number);
    }

    @Queued(queue = QUEUE, name = "slow", key = "{key}", waitTime = WAIT)
    static void slow(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.SLOW, key, producer, number);
    }

    @Queued(queue = QUEUE, name = "big", key = "{key}", waitTime = WAIT)
    static void big(String key, String producer, int number, byte[] load) throws Exception {
        CallBodies.run(CallKind.BIG, key, producer, number);
    }

    @Queued(queue = QUEUE, name = "hanging", key = "{key}", waitTime = WAIT, timeout = "2s", attempts = 2)
    static void hanging(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.HANGING, key, producer, number);
    }

    @Queued(queue = QUEUE, name = "poisonous", key = "{key}", waitTime = WAIT, attempts = 3, backoff = "100ms..500ms")
    static void poisonous(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.POISONOUS, key, producer, number);
    }
}
