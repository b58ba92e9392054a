package io.floodlock.runtime.redis;

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
 * Reads fields of hashes, and runs scripts by their digests as {@code RScript} does, but that a text goes as its bytes: a pooled
 * buffer for each argument, made by the thread that sends and freed by the one that hears the reply, costs more than all else
 * that the former does.
 */
final class ScriptCalls {

    private static final RedisCommand<List<Object>> EVALSHA = new RedisCommand<>(RedisCommands.EVAL_LIST, "EVALSHA");

    private final CommandAsyncExecutor commands;
    private final NameMapper names;

    ScriptCalls(CommandAsyncExecutor commands) {
        this.commands = commands;
        this.names = commands.getServiceManager().getNameMapper();
    }

    /**
     * What sends it; encoded by the caller, so that the thread that sends has less to do.
     *
     * @param keys of one slot, at least one
     */
    Requests.Sending run(Codec codec, Script script, List<String> keys, Object[] arguments) {
        Object[] all = new Object[2 + keys.size() + arguments.length];
        all[0] = script.digest();
        all[1] = keys.size();
        for (int i = 0; i < keys.size(); i++) {
            all[2 + i] = bytes(names.map(keys.get(i)));
        }
        int from = 2 + keys.size();
        for (int i = 0; i < arguments.length; i++) {
            all[from + i] = codec == StringCodec.INSTANCE ? bytes(arguments[i]) : commands.encode(codec, arguments[i]);
        }
        String at = names.map(keys.get(0));
        return () -> commands.writeAsync(at, codec, EVALSHA, all);
    }

    /** Of a hash, from its master; null for what isn't there. */
    Requests.Sending fields(String key, String... fields) {
        Object[] all = new Object[1 + fields.length];
        all[0] = bytes(names.map(key));
        for (int i = 0; i < fields.length; i++) {
            all[1 + i] = bytes(fields[i]);
        }
        String at = names.map(key);
        return () -> commands.writeAsync(at, ByteArrayCodec.INSTANCE, RedisCommands.HMGET, all);
    }

    private static byte[] bytes(Object text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
