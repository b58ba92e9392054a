package io.floodlock.runtime.queue.redis;

import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;

/**
 * The codec with which Redisson reads and writes hashes whose fields are texts and whose values are records of the
 * queue.
 */
public final class RecordCodec {

    public static final CompositeCodec INSTANCE =
            new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE, ByteArrayCodec.INSTANCE);

    private RecordCodec() {}
}
