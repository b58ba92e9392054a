package io.floodlock.examples.chaos.worker;

import java.util.concurrent.ExecutionException;

/** Makes calls of each kind. */
final class CallsOfKind {

    /** Almost the most that one call may carry. */
    private static final byte[] LOAD = new byte[900_000];

    private CallsOfKind() {}

    /**
     * Returns when the call is stored; a call that asks, when its result is there.
     *
     * @param number grows with each call of this producer for this key
     */
    static void call(CallKind kind, String key, String producer, int number) throws Exception {
        switch (kind) {
            case QUICK -> QueuedCalls.quick(key, producer, number);
            case CHAINING -> QueuedCalls.chaining(key, producer, number);
            case TOGETHER -> QueuedCalls.together(key, producer, number);
            case LOCAL -> CallBodies.local(key, producer, number);
            case ASKING -> ask(key, producer, number);
            case PACED -> QueuedCalls.paced(key, producer, number);
            case SLOW -> QueuedCalls.slow(key, producer, number);
            case BIG -> QueuedCalls.big(key, producer, number, LOAD);
            case HANGING -> QueuedCalls.hanging(key, producer, number);
            case POISONOUS -> QueuedCalls.poisonous(key, producer, number);
            case SECOND -> SecondVersionCalls.second(key, producer, number);
            default -> throw new IllegalArgumentException(kind.toString());
        }
    }

    private static void ask(String key, String producer, int number) throws Exception {
        try {
            int answer = QueuedCalls.asking(key, producer, number)
                    .toCompletableFuture()
                    .get();
            if (answer != number) {
                System.out.println("@hang the answer " + answer + " is that of another call than " + number);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }
}
