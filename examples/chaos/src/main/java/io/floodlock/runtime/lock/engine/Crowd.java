package io.floodlock.runtime.lock.engine;

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
 * Many JVMs in one, for fault runs: what they share, which are connections, threads and a timer. Thread-safe.
 *
 * <p>It stands in this package to be made of the lock engine's own parts: what its JVMs send, and when, is what the engine
 * sends, and can't differ from it.
 */
public final class Crowd implements AutoCloseable {

    private static final int CLIENTS = 4;

    final Settings settings;
    final RedisGateway leases;
    final ExecutorService threads = new AgentThreads("crowd").pool(4);
    final BodyThreads bodies = new BodyThreads("crowd-bodies");
    final Scheduler timer = new AgentScheduler();
    private final List<RedisGateway> clients = new ArrayList<>();
    private int joined;

    /** @param redisson a Redisson file with room for as many channels as there are JVMs */
    public Crowd(Path redisson, Duration lease) {
        settings = Settings.of(Map.of("redisson", redisson.toString(), "lease", lease.toSeconds() + "s"));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new RedisGateway(settings));
        }
        leases = clients.get(0).dedicated("lease", lease.dividedBy(6));
    }

    /** Another JVM, which listens and holds nothing yet; blocks. */
    public synchronized CrowdJvm join() {
        CrowdJvm jvm = new CrowdJvm(this, clients.get(joined % CLIENTS), joined);
        joined++;
        return jvm;
    }

    /** The names of the lock scripts by their digests. */
    public static Map<String, String> scripts() {
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
