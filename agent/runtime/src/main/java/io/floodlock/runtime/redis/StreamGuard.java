package io.floodlock.runtime.redis;

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
 * Closes a connection as soon as anything fails while it is read or written. Redis answers in the order of the requests and
 * names none of them. An Error in the middle of decoding (a full heap) leaves part of a reply behind, and one while a request
 * is written leaves a request that is listed and was never sent. From then on each request would get the reply of another,
 * and a refused acquisition could pass for a grant. Redisson logs such failures and goes on.
 *
 * <p>Closing may fail for want of memory too. So the connection is marked first, which allocates nothing, and whatever is
 * read on a marked one is dropped and closes it again. One guard belongs to one connection and to its event loop.
 */
final class StreamGuard {

    private boolean broken;

    private StreamGuard() {}

    /** To be called when Redisson's own handlers are in place. */
    static void add(Channel channel) {
        StreamGuard guard = new StreamGuard();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addFirst(guard.new Reading());
        pipeline.addBefore(pipeline.context(ErrorsLoggingHandler.class).name(), null, guard.new Failures());
    }

    /** Before all that decodes. */
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

    /** Behind all that decodes, and before all that encodes. */
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
