package io.floodlock.examples.chaos;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.lock.redis.LockScripts;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.runtime.thread.BodyThreads;
import io.floodlock.runtime.time.AgentScheduler;
import io.floodlock.runtime.time.Scheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/**
 * Many simulated JVMs in one, for fault runs. This class holds what they share: connections, threads and a timer.
 * Thread-safe.
 *
 * <p>Its JVMs are made of the lock engine's own classes: they send the same requests at the same times as the engine,
 * and can't differ from it.
 */
final class Crowd implements AutoCloseable {

    private static final int CLIENTS = 4;

    final Settings settings;
    final RedisGateway leases;
    final ExecutorService threads = new AgentThreads("crowd").pool(4);
    final BodyThreads bodies = new BodyThreads("crowd-bodies");
    final Scheduler timer = new AgentScheduler();
    private final List<RedisGateway> clients = new ArrayList<>();
    private int joined;

    /** @param redisson a Redisson configuration file with room for one channel per JVM */
    Crowd(Path redisson, Duration lease) {
        settings = Settings.of(Map.of("redisson", redisson.toString(), "lease", lease.toSeconds() + "s"));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new RedisGateway(settings));
        }
        leases = clients.get(0).dedicated("lease", lease.dividedBy(6));
    }

    /** Adds a JVM, which has subscribed to its channel and holds nothing yet. Blocks. */
    synchronized CrowdJvm join() {
        CrowdJvm jvm = new CrowdJvm(this, clients.get(joined % CLIENTS), joined);
        joined++;
        return jvm;
    }

    /** The names of the lock scripts by their digests. */
    static Map<String, String> scripts() {
        Map<String, String> names = new HashMap<>();
        for (Script script : List.of(
                LockScripts.LAYOUT,
                LockScripts.OPEN,
                LockScripts.RENEW,
                LockScripts.ACQUIRE,
                LockScripts.RELEASE,
                LockScripts.GO_ON,
                LockScripts.SWEEP,
                LockScripts.CLEAR,
                LockScripts.CLOSE)) {
            names.put(script.digest(), script.name());
        }
        return names;
    }

    @Override
    public void close() {
        timer.close();
        leases.close();
        clients.forEach(RedisGateway::close);
        threads.shutdown();
    }
}
