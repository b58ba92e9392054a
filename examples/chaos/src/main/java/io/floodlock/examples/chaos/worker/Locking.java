package io.floodlock.examples.chaos.worker;

import java.util.concurrent.CompletionStage;

/** Ways to run something under locks. What refuses it or ends it early is thrown. */
interface Locking {

    /** What runs under a lock. */
    interface Body {
        void run() throws Exception;
    }

    void exclusive(String key, Body body) throws Exception;

    /** Refused where another holds it. */
    void exclusiveAtOnce(String key, Body body) throws Exception;

    /** On another thread, while the caller only waits for the outcome. */
    CompletionStage<Void> exclusiveLater(String key, Body body) throws Exception;

    void shared(String key, Body body) throws Exception;

    /** Both, exclusively; they may be the same. */
    void both(String one, String other, Body body) throws Exception;

    /** As its name in settings says. */
    static Locking of(String name, String redis) {
        return switch (name) {
            case "fenced" -> new FencedLocking();
            case "floodlock" -> new FloodlockLocking();
            case "redisson" -> new RedissonLocking(redis);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
