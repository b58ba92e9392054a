package io.floodlock.runtime.redis;

/** Hears a channel. Called on threads of the agent; must not block. */
public interface Subscription {

    void message(String text);

    /** The channel is heard from now on, for the first time or again; what was said before is lost. */
    void subscribed();
}
