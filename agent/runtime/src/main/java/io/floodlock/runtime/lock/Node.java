package io.floodlock.runtime.lock;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.redis.RedisClient;
import io.floodlock.runtime.thread.BodyThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This JVM, as one among those of its namespace.
 *
 * @param id random per start, the first part of all its session ids and the end of its channel's name
 * @param agentThreads few, for what is short and never blocks
 * @param asyncThreads for listeners, which may run the application's code
 * @param grants grant ids given out so far; they grow, so that a later request of this JVM is known as later
 */
record Node(
        String id,
        String namespace,
        Duration lease,
        RedisClient redis,
        Executor agentThreads,
        BodyThreads asyncThreads,
        Events events,
        Clock clock,
        Timer timer,
        AtomicLong grants) {

    private static final SecureRandom RANDOM = new SecureRandom();

    static Node create(
            Settings settings,
            RedisClient redis,
            Executor agentThreads,
            BodyThreads asyncThreads,
            Events events,
            Clock clock,
            Timer timer) {
        return new Node(
                randomId(),
                escape(settings.namespace()),
                settings.lease(),
                redis,
                agentThreads,
                asyncThreads,
                events,
                clock,
                timer,
                new AtomicLong());
    }

    String newSessionId() {
        return id + "." + randomId();
    }

    String channelPrefix() {
        return "floodlock:" + namespace + ":locks:";
    }

    String channel() {
        return channelPrefix() + id;
    }

    String layoutKey() {
        return "floodlock:" + namespace + ":layout";
    }

    /** The braces make all keys of a bucket share a cluster slot. */
    String bucketKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:locks";
    }

    /** What no token of the bucket exceeds. It stays where the bucket goes. */
    String boundKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:tokens";
    }

    /** The sessions of the bucket by the time at which they expire. */
    String sessionsKey(int bucket) {
        return "floodlock:{" + namespace + "/" + bucket + "}:sessions";
    }

    /** Application, host and pid, as others' messages name this JVM. Reads a file. */
    String label() {
        return "application '" + namespace + "' on " + Host.NAME + ", pid "
                + ProcessHandle.current().pid();
    }

    /** Found once: what it is found in may be a file. */
    private static final class Host {
        static final String NAME = host();
    }

    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name == null || name.isBlank()) {
            name = System.getenv("COMPUTERNAME");
        }
        if (name == null || name.isBlank()) {
            try {
                name = Files.readString(Path.of("/etc/hostname")).strip();
            } catch (IOException e) {
                name = "an unnamed host";
            }
        }
        return name;
    }

    private static String randomId() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String escape(String namespace) {
        return namespace.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }
}
