package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.time.AgentScheduler;
import io.floodlock.runtime.time.Clock;
import io.floodlock.runtime.time.Scheduler;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One engine with its own connections: what a JVM is to the others. */
final class TestJvm implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);

    final RedisGateway redis;
    final LeaseLockEngine engine;

    TestJvm(String url, String lease) {
        this(url, lease, Clock.SYSTEM, Events.NONE);
    }

    TestJvm(String url, String lease, Clock clock, Events events) {
        this(url, lease, clock, new AgentScheduler(), events);
    }

    TestJvm(String url, String lease, Clock clock, Scheduler timer, Events events) {
        this(Map.of("redis", url, "lease", lease, "shutdown-wait", "1s"), clock, timer, events);
    }

    TestJvm(Map<String, String> texts, Clock clock, Scheduler timer, Events events) {
        this(texts, OpenTransactions.NONE, clock, timer, events);
    }

    TestJvm(Map<String, String> texts, OpenTransactions transactions, Clock clock, Scheduler timer, Events events) {
        Settings settings = Settings.of(texts);
        redis = new RedisGateway(settings);
        engine = new LeaseLockEngine(settings, redis, events, transactions, clock, timer);
    }

    LockScope lock(String... names) {
        return take(LockMode.EXCLUSIVE, LONG, names);
    }

    LockScope share(String... names) {
        return take(LockMode.SHARED, LONG, names);
    }

    LockScope take(LockMode mode, Duration waitTime, String... names) {
        return engine.acquire(requests(mode, names), terms(waitTime));
    }

    LockEngine.Pending async(LockEngine.Listener listener, String... names) {
        return async(listener, LONG, names);
    }

    LockEngine.Pending async(LockEngine.Listener listener, Duration waitTime, String... names) {
        return engine.acquireAsync(requests(LockMode.EXCLUSIVE, names), terms(waitTime), listener);
    }

    static List<LockRequest> requests(LockMode mode, String... names) {
        return Arrays.stream(names).map(name -> new LockRequest(name, mode)).toList();
    }

    static LockTerms terms(Duration waitTime) {
        return new LockTerms(waitTime, null, "test.Orders.place", false);
    }

    /** How many JVMs wait for a key in Redis. */
    static int waiting(String name, RedisServer server) {
        return entries(name, server, "entry[4] == 0");
    }

    /** How many JVMs hold a key in Redis. */
    static int holding(String name, RedisServer server) {
        return entries(name, server, "entry[4] ~= 0");
    }

    private static int entries(String name, RedisServer server, String which) {
        return Integer.parseInt(server.cli(
                "EVAL",
                "local n = 0 local function see(entry) if " + which + " then n = n + 1 end end "
                        + "local l = redis.call('HGET', KEYS[1], 'l:' .. ARGV[1]) l = l and cmsgpack.unpack(l) "
                        + "if l and not l[2] then see(l[1]) end "
                        + "for _, f in ipairs(redis.call('HKEYS', KEYS[1])) do "
                        + "if string.match(f, '^e:[^ ]+ (.*)$') == ARGV[1] then "
                        + "see(cmsgpack.unpack(redis.call('HGET', KEYS[1], f))) end end return n",
                "1",
                "floodlock:{default/0}:locks",
                name));
    }

    @Override
    public void close() {
        engine.close();
        redis.close();
    }
}
