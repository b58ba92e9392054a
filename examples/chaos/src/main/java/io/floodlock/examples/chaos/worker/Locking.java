package io.floodlock.examples.chaos.worker;

import java.util.concurrent.CompletionStage;

/** Runs a body under locks. Throws if the lock is refused or the body fails. */
interface Locking {

    /** Code that runs under a lock. */
    interface Body {
        void run() throws Exception;
    }

    void exclusive(String key, Body body) throws Exception;

    /** Refused at once if another scope holds the key. */
    void exclusiveAtOnce(String key, Body body) throws Exception;

    /** Runs the body on another thread if the implementation can; the returned stage completes with its outcome. */
    CompletionStage<Void> exclusiveLater(String key, Body body) throws Exception;

    void shared(String key, Body body) throws Exception;

    /** Holds both keys exclusively; they may be equal. */
    void both(String one, String other, Body body) throws Exception;

    /** The implementation with this name in the settings. */
    static Locking of(String name, String redis) {
        return switch (name) {
            case "fenced" -> new FencedLocking();
            case "floodlock" -> new FloodlockLocking();
            case "redisson" -> new RedissonLocking(redis);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
