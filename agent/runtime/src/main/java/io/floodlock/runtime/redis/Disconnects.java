package io.floodlock.runtime.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.redisson.client.NettyHook;
import org.redisson.client.RedisConnection;

/**
 * Tells of every connection that ends, but for those that Redisson itself closes as idle. Its own events are by node: once
 * one connection of a node has ended, the end of the others is not told, and that may be the one that counts.
 */
record Disconnects(Runnable changed) implements NettyHook {

    @Override
    public void afterBoostrapInitialization(Bootstrap bootstrap) {
        // nothing to add
    }

    @Override
    public void afterChannelInitialization(Channel channel) {
        StreamGuard.add(channel);
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelInactive(ChannelHandlerContext context) throws Exception {
                RedisConnection connection = RedisConnection.getFrom(context.channel());
                if (connection == null || !connection.isClosedIdle()) {
                    changed.run();
                }
                super.channelInactive(context);
            }
        });
    }
}
