package io.floodlock.examples.chaos.worker;

import io.floodlock.Queued;

/** The method that the second version of the application adds to the queue. */
final class SecondVersionCalls {

    private SecondVersionCalls() {}

    @Queued(queue = QueuedCalls.QUEUE, name = "second", key = "{key}", waitTime = "5s")
    static void second(String key, String producer, int number) throws Exception {
        CallBodies.run(CallKind.SECOND, key, producer, number);
    }
}
