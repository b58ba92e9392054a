package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.redis.RedisGateway;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/**
 * This JVM as Redis knows it: its id, its namespace, and the names of its keys and its channel in Redis.
 *
 * @param id random for each start of the engine; the first part of all its session ids and the end of its channel's
 *     name
 */
public record RedisNode(String id, String namespace, Duration lease, RedisGateway redis, Services services) {

    private static final SecureRandom RANDOM = new SecureRandom();

    public static RedisNode create(Settings settings, RedisGateway redis, Services services) {
        return new RedisNode(randomId(), escape(settings.namespace()), settings.lease(), redis, services);
    }

    String newSessionId() {
        return id + "." + randomId();
    }

    String channelPrefix() {
        return "floodlock:" + namespace + ":locks:";
    }

    public String channel() {
        return channelPrefix() + id;
    }

    String layoutKey() {
        return "floodlock:" + namespace + ":layout";
    }

    /** The braces make all keys of a bucket share a cluster slot. */
    String bucketKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:locks";
    }

    /** Holds a bound that no token drawn from the bucket so far exceeds. The key stays when the bucket is removed. */
    String boundKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:tokens";
    }

    /** The sessions of the bucket, sorted by the time at which they expire. */
    String sessionsKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:sessions";
    }

    /** Escapes braces and percent signs, because a brace in the namespace would end the hash tag of a key. */
    public static String escape(String namespace) {
        return namespace.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }

    private static String randomId() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
