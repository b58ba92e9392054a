package io.floodlock.examples.peers;

import io.floodlock.examples.bench.locks.LockKind;
import io.floodlock.examples.bench.locks.Section;
import java.util.concurrent.locks.Lock;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;

/** Spring Integration's {@code RedisLockRegistry}, whose waiters poll. */
public final class SpringIntegrationLocks implements LockKind {

    private static final int CAPACITY = 1_000_000;

    private final RedisLockRegistry registry;

    public SpringIntegrationLocks(Place place) {
        registry = new RedisLockRegistry(Lettuce.connections(place.redisUrl()), "bench");
        registry.setCacheCapacity(CAPACITY);
        registry.setRedisLockType(RedisLockType.SPIN_LOCK);
    }

    @Override
    public Section exclusive(String name) {
        return body -> {
            Lock lock = registry.obtain(name);
            lock.lock();
            try {
                body.run();
            } finally {
                lock.unlock();
            }
            return true;
        };
    }

    @Override
    public Section atOnce(String name) {
        return body -> {
            Lock lock = registry.obtain(name);
            if (!lock.tryLock()) {
                return false;
            }
            try {
                body.run();
            } finally {
                lock.unlock();
            }
            return true;
        };
    }
}
