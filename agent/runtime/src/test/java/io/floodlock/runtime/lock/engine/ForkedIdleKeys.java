package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.time.Clock;
import java.util.List;
import java.util.Map;

/** The main class of a forked JVM: uses many keys once, holds another if told to, and ends as the agent does when it is terminated. */
final class ForkedIdleKeys {

    private ForkedIdleKeys() {}

    /** @param args Redis, how many keys {@code k0..}, whether to hold {@code held}, the lease */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.of(Map.of("redis", args[0], "lease", args[3], "shutdown-wait", "30s"));
        // time stands still, so that nothing is given back for being idle
        RedisGateway redis = new RedisGateway(settings);
        LeaseLockEngine engine = new LeaseLockEngine(
                settings, redis, Events.NONE, OpenTransactions.NONE, Clock.SYSTEM, new ManualScheduler());
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            engine.acquire(List.of(new LockRequest("k" + i, LockMode.EXCLUSIVE)), TestJvm.terms(TestJvm.LONG))
                    .close();
        }
        if (Boolean.parseBoolean(args[2])) {
            engine.acquire(List.of(new LockRequest("held", LockMode.EXCLUSIVE)), TestJvm.terms(TestJvm.LONG));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            engine.close();
            redis.close();
        }));
        System.out.println("ready");
        System.in.read();
    }
}
