package io.floodlock.runtime.lock;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.redis.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One engine with its own connections: what a JVM is to the others. */
final class TestJvm implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(20);

    final RedisClient redis;
    final RedisLockEngine engine;

    TestJvm(String url, String lease) {
        this(url, lease, Clock.SYSTEM, Events.NONE);
    }

    TestJvm(String url, String lease, Clock clock, Events events) {
        Settings settings = Settings.of(Map.of("redis", url, "lease", lease, "shutdown-wait", "1s"));
        redis = new RedisClient(settings);
        engine = new RedisLockEngine(settings, redis, events, clock);
    }

    LockScope lock(String... names) {
        return take(Mode.EXCLUSIVE, LONG, names);
    }

    LockScope share(String... names) {
        return take(Mode.SHARED, LONG, names);
    }

    LockScope take(Mode mode, Duration waitTime, String... names) {
        List<LockRequest> requests = java.util.Arrays.stream(names)
                .map(name -> new LockRequest(name, mode))
                .toList();
        return engine.acquire(requests, waitTime, "test.Orders.place");
    }

    @Override
    public void close() {
        engine.close();
        redis.close();
    }
}
