package io.floodlock.runtime.queue.redis;

import io.floodlock.runtime.queue.store.LaneLayout;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of one queue's keys in Redis. Stream i of all queues has one hash tag, so that one blocking read serves
 * them all. Thread-safe.
 */
public final class RedisQueueKeys {

    /** The keys that the lanes of one stream share; with those of the lanes, all are in one slot. */
    public record StreamKeys(String calls, String state, String lows) {}

    /** The keys of one lane. */
    public record LaneKeys(
            StreamKeys stream,
            int number,
            String owner,
            String identities,
            String marks,
            String attempts,
            String parked,
            String dead) {}

    private final String namespace;
    private final String queue;
    private final Map<Integer, StreamKeys> streams = new ConcurrentHashMap<>();
    private final Map<List<Integer>, LaneKeys> lanes = new ConcurrentHashMap<>();

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

    public StreamKeys stream(int stream) {
        return streams.computeIfAbsent(stream, number -> {
            String base = base(number);
            return new StreamKeys(base + "calls", base + "state", base + "lows");
        });
    }

    public LaneKeys lane(int stream, int lane) {
        return lanes.computeIfAbsent(List.of(stream, lane), key -> {
            String base = base(stream) + lane + ":";
            return new LaneKeys(
                    stream(stream),
                    lane,
                    base + "owner",
                    base + "identities",
                    base + "marks",
                    base + "attempts",
                    base + "parked",
                    // of all layouts
                    base(LaneLayout.slot(stream)) + lane + ":dead");
        });
    }

    /**
     * The id of the call that was stored last with these keys, for as long as calls that repeat it are left out.
     *
     * @param key of the call; null for none
     */
    public String dedup(int stream, String key, String repeats) {
        return base(stream) + "dedup:" + (key == null ? "" : plain(key)) + ":" + plain(repeats);
    }

    private String base(int stream) {
        int generation = LaneLayout.generation(stream);
        return "floodlock:{" + namespace + ":stream:" + LaneLayout.slot(stream) + "}:" + queue + ":"
                + (generation == 0 ? "" : "g" + generation + ":");
    }

    /** A stream that only ends this JVM's blocking read of one hash tag. */
    public static String wake(String namespace, int stream, UUID session) {
        return "floodlock:{" + plain(namespace) + ":stream:" + stream + "}:wake:" + session;
    }

    /** The hash of the results of a session's calls. */
    public static String results(String namespace, UUID session) {
        return "floodlock:{" + plain(namespace) + ":results:" + session + "}";
    }

    /** The channel that announces results of a session. */
    public static String resultsChannel(String namespace, UUID session) {
        return "floodlock:" + plain(namespace) + ":results:" + session;
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
