package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.redis.RedisGateway;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/**
 * This JVM as Redis knows it: one among those of its namespace.
 *
 * @param id random per start, the first part of all its session ids and the end of its channel's name
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

    /** The greatest token of the bucket so far. The key lives as long as the bucket does. */
    String boundKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:tokens";
    }

    /** The sessions of the bucket by the time at which they expire. */
    String sessionsKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:sessions";
    }

    /** A namespace may not end the braces of a key. */
    public static String escape(String namespace) {
        return namespace.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }

    private static String randomId() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
