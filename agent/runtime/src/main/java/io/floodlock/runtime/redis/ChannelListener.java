package io.floodlock.runtime.redis;

/**
 * Receives the messages of a channel to which {@link RedisGateway} has subscribed it. Called on the I/O thread, which
 * serves all requests: must be short and never block.
 */
public interface ChannelListener {

    void message(String text);

    /** The channel is subscribed, for the first time or again; earlier messages may be lost. */
    void subscribed();
}
