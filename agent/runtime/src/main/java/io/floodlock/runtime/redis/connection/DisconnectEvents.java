package io.floodlock.runtime.redis.connection;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.redisson.client.NettyHook;
import org.redisson.client.RedisConnection;

/**
 * Reports every connection that ends, except those that Redisson closes as idle. Redisson's own events are per node:
 * once one connection of a node has ended, the end of the others is not reported, and one of these may be the
 * connection in use. {@link LiveConnection} registers it; it also adds a {@link StreamGuard} to each connection.
 */
record DisconnectEvents(Runnable changed) implements NettyHook {

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
