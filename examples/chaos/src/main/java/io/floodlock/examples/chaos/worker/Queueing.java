package io.floodlock.examples.chaos.worker;

/** Stores calls in a queue whose consumers, in this and in other JVMs, run {@link CallBodies}. */
interface Queueing {

    /**
     * Returns when the call is stored; a call that asks, when its result is there.
     *
     * @param number grows with each call of this producer for this key
     */
    void call(CallKind kind, String key, String producer, int number) throws Exception;

    /** The implementation with this name in the settings. */
    static Queueing of(String name, String redis) {
        return switch (name) {
            case "floodlock" -> new FloodlockQueueing();
            case "redisson" -> new RedissonQueueing(redis);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
