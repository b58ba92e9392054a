package io.floodlock.runtime.queue.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of one queue's keys in Redis. Lane i of all queues has one hash tag, so that one blocking read serves
 * them all. Thread-safe.
 */
public final class RedisQueueKeys {

    /** All keys of one lane, in one slot. */
    public record LaneKeys(
            String stream,
            String state,
            String identities,
            String marks,
            String attempts,
            String parked,
            String dead) {}

    private final String namespace;
    private final String queue;
    private final Map<Integer, LaneKeys> lanes = new ConcurrentHashMap<>();

    public RedisQueueKeys(String namespace, String queue) {
        this.namespace = plain(namespace);
        this.queue = plain(queue);
    }

    /** The hash of the queue's layout. */
    public String queue() {
        return "floodlock:{" + namespace + ":queue:" + queue + "}";
    }

    /** The hash of the registrations of consuming JVMs. */
    public String members() {
        return queue() + ":members";
    }

    public LaneKeys lane(int lane) {
        return lanes.computeIfAbsent(lane, this::makeLane);
    }

    private LaneKeys makeLane(int lane) {
        String base = "floodlock:{" + namespace + ":lane:" + lane + "}:" + queue + ":";
        return new LaneKeys(
                base + "calls",
                base + "state",
                base + "identities",
                base + "marks",
                base + "attempts",
                base + "parked",
                base + "dead");
    }

    /** The name of the lane's lock; its holder owns the lane. */
    public String ownership(int lane) {
        return "floodlock-lane:" + queue + ":" + lane;
    }

    /** A stream that only ends this JVM's blocking read of one hash tag. */
    public static String wake(String namespace, int lane, UUID session) {
        return "floodlock:{" + plain(namespace) + ":lane:" + lane + "}:wake:" + session;
    }

    /** The hash of the results of a session's calls. */
    public static String results(String namespace, UUID session) {
        return "floodlock:{" + plain(namespace) + ":results:" + session + "}";
    }

    /** The channel that announces results of a session. */
    public static String resultsChannel(String namespace, UUID session) {
        return "floodlock:" + plain(namespace) + ":results:" + session;
    }

    /**
     * The lane of a key: FNV-1a of its UTF-8 bytes, mixed, modulo the number of lanes. The format fixes it, as all
     * JVMs must agree.
     */
    public static int laneOf(String key, int lanes) {
        int hash = 0x811c9dc5;
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        return Math.floorMod(hash, lanes);
    }

    /** Escapes braces, colons and percent signs, so that a name can't change the slot or name another key. */
    private static String plain(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (List.of('{', '}', ':', '%').contains(c)) {
                out.append('%').append(Integer.toHexString(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
