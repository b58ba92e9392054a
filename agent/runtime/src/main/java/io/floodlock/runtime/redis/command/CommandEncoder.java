package io.floodlock.runtime.redis.command;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.RedisCommand;
import org.redisson.client.protocol.RedisCommands;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.config.NameMapper;

/**
 * Encodes reads of hash fields, and runs of scripts by their digests; {@code RedisGateway} sends them through
 * {@link PendingRequests}. Unlike {@code RScript}, it passes texts as byte arrays: {@code RScript} allocates a pooled
 * buffer per argument on the sending thread and frees it on the receiving thread, which costs more than all else that
 * sending does.
 */
public final class CommandEncoder {

    private static final RedisCommand<List<Object>> EVALSHA = new RedisCommand<>(RedisCommands.EVAL_LIST, "EVALSHA");

    private final CommandAsyncExecutor commands;
    private final NameMapper names;

    public CommandEncoder(CommandAsyncExecutor commands) {
        this.commands = commands;
        this.names = commands.getServiceManager().getNameMapper();
    }

    /**
     * Encodes a run of a script on the caller's thread, so that the sending thread has less to do.
     *
     * @param keys of one slot, at least one
     */
    public PendingRequests.Sending run(Codec codec, Script script, List<String> keys, Object[] arguments) {
        Object[] all = new Object[2 + keys.size() + arguments.length];
        all[0] = script.digest();
        all[1] = keys.size();
        for (int i = 0; i < keys.size(); i++) {
            all[2 + i] = bytes(names.map(keys.get(i)));
        }
        int from = 2 + keys.size();
        for (int i = 0; i < arguments.length; i++) {
            all[from + i] = encoded(codec, arguments[i]);
        }
        String at = names.map(keys.get(0));
        return () -> commands.writeAsync(at, codec, EVALSHA, all);
    }

    /** The key as it is called in Redis. */
    public String mapped(String key) {
        return names.map(key);
    }

    /** Encodes a read of fields of a hash from its master; an absent field gives null. */
    public PendingRequests.Sending fields(String key, String... fields) {
        Object[] all = new Object[1 + fields.length];
        all[0] = bytes(names.map(key));
        for (int i = 0; i < fields.length; i++) {
            all[1 + i] = bytes(fields[i]);
        }
        String at = names.map(key);
        return () -> commands.writeAsync(at, ByteArrayCodec.INSTANCE, RedisCommands.HMGET, all);
    }

    private Object encoded(Codec codec, Object argument) {
        if (argument instanceof byte[] && codec == ByteArrayCodec.INSTANCE) {
            return argument;
        }
        return codec == StringCodec.INSTANCE ? bytes(argument) : commands.encode(codec, argument);
    }

    private static byte[] bytes(Object text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
