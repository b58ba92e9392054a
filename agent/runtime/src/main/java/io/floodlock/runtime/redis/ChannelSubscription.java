package io.floodlock.runtime.redis;

import java.util.concurrent.CompletableFuture;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.StringCodec;

/**
 * A channel and its listener. Both outlive the connection over which messages arrive: {@link RedisGateway} subscribes
 * them again over each new connection.
 */
record ChannelSubscription(String name, ChannelListener subscription) {

    /** Subscribes over a connection. */
    CompletableFuture<Void> listen(RedissonClient redisson) {
        RTopic topic = redisson.getTopic(name, StringCodec.INSTANCE);
        StatusListener status = new StatusListener() {
            @Override
            public void onSubscribe(String subscribed) {
                subscription.subscribed();
            }

            @Override
            public void onUnsubscribe(String unsubscribed) {
                // the next subscription calls subscribed(), where the listener catches up
            }
        };
        return topic.addListenerAsync(status)
                .thenCompose(
                        id -> topic.addListenerAsync(String.class, (channel, message) -> subscription.message(message)))
                .thenAccept(id -> {})
                .toCompletableFuture();
    }
}
