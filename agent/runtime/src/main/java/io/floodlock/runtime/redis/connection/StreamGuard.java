package io.floodlock.runtime.redis.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import org.redisson.client.handler.ErrorsLoggingHandler;

/**
 * Closes a connection as soon as a read or write of it fails. Redis answers in the order of the requests, and a reply
 * does not name its request. An Error during decoding (out of memory) leaves part of a reply behind; an Error during a
 * write leaves a request that is listed but was never sent. From then on each request would get the reply of another,
 * and a refused acquisition could be taken for a grant. Redisson logs such failures and goes on.
 *
 * <p>Closing may fail for lack of memory too. So the connection is first marked as broken, which allocates nothing.
 * Data that is read on a broken connection is dropped, and the connection is closed again. {@link DisconnectEvents}
 * adds one guard to each connection; the guard belongs to that connection and its event loop.
 */
final class StreamGuard {

    private boolean broken;

    private StreamGuard() {}

    /** Must be called after Redisson has added its handlers. */
    static void add(Channel channel) {
        StreamGuard guard = new StreamGuard();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addFirst(guard.new Reading());
        pipeline.addBefore(pipeline.context(ErrorsLoggingHandler.class).name(), null, guard.new Failures());
    }

    /** Placed before all decoders. */
    private final class Reading extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (broken) {
                ReferenceCountUtil.release(message);
                context.close();
            } else {
                context.fireChannelRead(message);
            }
        }
    }

    /** Placed after all decoders and before all encoders. */
    private final class Failures extends ChannelDuplexHandler {

        private final ChannelFutureListener unlessSent = future -> {
            if (!future.isSuccess()) {
                broken = true;
                future.channel().close();
            }
        };

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            context.write(message, promise.unvoid().addListener(unlessSent));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
            broken = true;
            try {
                context.fireExceptionCaught(thrown);
            } finally {
                context.close();
            }
        }
    }
}
