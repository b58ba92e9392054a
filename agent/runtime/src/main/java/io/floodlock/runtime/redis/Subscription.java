package io.floodlock.runtime.redis;

/** Hears a channel. Called on the thread that reads from Redis, which others wait for: must be short and never block. */
public interface Subscription {

    void message(String text);

    /** The channel is heard from now on, for the first time or again; what was said before is lost. */
    void subscribed();
}
