package io.floodlock.runtime.redis.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisson.client.handler.ErrorsLoggingHandler;

/** A connection whose stream may be out of step is closed, and hands on nothing more. */
class StreamGuardTest {

    private final List<Object> decoded = new ArrayList<>();

    @Test
    void anErrorWhileReadingClosesTheConnection() {
        EmbeddedChannel channel = guarded();
        channel.writeInbound("OK");
        assertTrue(channel.isOpen());

        channel.writeInbound("full heap");

        assertFalse(channel.isOpen());
    }

    /** The control: Redisson's own handlers go on with the next reply, whosever it is. */
    @Test
    void withoutTheGuardItGoesOn() {
        EmbeddedChannel channel = plain();
        channel.writeInbound("full heap");
        channel.writeInbound("a later reply");

        assertTrue(channel.isOpen());
        assertEquals(List.of("a later reply"), decoded);
    }

    @Test
    void whatIsReadAfterTheErrorIsDroppedWhereClosingFailedToo() {
        EmbeddedChannel channel = guarded();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void close(ChannelHandlerContext context, ChannelPromise promise) {
                throw new OutOfMemoryError("closing");
            }
        });
        channel.writeInbound("full heap");
        assertTrue(channel.isOpen());

        channel.writeInbound("a later reply");

        assertEquals(List.of(), decoded);
    }

    @Test
    void aRequestThatCouldNotBeWrittenClosesTheConnection() {
        EmbeddedChannel channel = guarded();
        channel.write("full heap");
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
    }

    private EmbeddedChannel guarded() {
        EmbeddedChannel channel = plain();
        StreamGuard.add(channel);
        return channel;
    }

    private EmbeddedChannel plain() {
        return new EmbeddedChannel(new Encoder(), new Decoder(), new ErrorsLoggingHandler());
    }

    private static final class Encoder extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message.equals("full heap")) {
                throw new OutOfMemoryError("encoding");
            }
            context.write(message, promise);
        }
    }

    private final class Decoder extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message.equals("full heap")) {
                throw new OutOfMemoryError("decoding");
            }
            decoded.add(message);
        }
    }
}
