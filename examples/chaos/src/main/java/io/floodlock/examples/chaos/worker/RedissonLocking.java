package io.floodlock.examples.chaos.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Plain Redisson locks with Redisson's watchdog: the locks of an application without Floodlock. */
final class RedissonLocking implements Locking {

    private static final long WAIT_SECONDS = 3;

    private final RedissonClient redisson;

    RedissonLocking(String redis) {
        Config config = new Config();
        config.setLockWatchdogTimeout(Long.getLong("chaos.lease"));
        config.useSingleServer()
                .setAddress(redis)
                .setConnectionMinimumIdleSize(2)
                .setConnectionPoolSize(16)
                .setTimeout(1_000)
                .setRetryAttempts(1);
        redisson = Redisson.create(config);
    }

    @Override
    public void exclusive(String key, Body body) throws Exception {
        run(writeLock(key), WAIT_SECONDS, body);
    }

    @Override
    public void exclusiveAtOnce(String key, Body body) throws Exception {
        run(writeLock(key), 0, body);
    }

    /**
     * Runs the body on the calling thread: Redisson's locks belong to a thread, so work on another thread could not
     * be covered.
     */
    @Override
    public CompletionStage<Void> exclusiveLater(String key, Body body) throws Exception {
        exclusive(key, body);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void shared(String key, Body body) throws Exception {
        run(redisson.getReadWriteLock(key).readLock(), WAIT_SECONDS, body);
    }

    @Override
    public void both(String one, String other, Body body) throws Exception {
        boolean sorted = one.compareTo(other) <= 0;
        exclusive(sorted ? one : other, () -> exclusive(sorted ? other : one, body));
    }

    private RLock writeLock(String key) {
        return redisson.getReadWriteLock(key).writeLock();
    }

    private static void run(RLock lock, long waitSeconds, Body body) throws Exception {
        if (!lock.tryLock(waitSeconds, TimeUnit.SECONDS)) {
            throw new TimeoutException();
        }
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }
}
