package io.floodlock.examples.peers;

import io.floodlock.examples.bench.locks.LockKind;
import io.floodlock.examples.bench.locks.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;

/** ShedLock's locks, which are refused at once and never waited for. */
public final class ShedLocks implements LockKind {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private final RedisLockProvider provider;

    public ShedLocks(Place place) {
        provider = new RedisLockProvider(Lettuce.connections(place.redisUrl()), "bench");
    }

    @Override
    public Section exclusive(String name) {
        throw new UnsupportedOperationException("ShedLock doesn't wait");
    }

    @Override
    public Section atOnce(String name) {
        return body -> {
            Optional<SimpleLock> lock =
                    provider.lock(new LockConfiguration(Instant.now(), name, AT_MOST, Duration.ZERO));
            if (lock.isEmpty()) {
                return false;
            }
            try {
                body.run();
            } finally {
                lock.get().unlock();
            }
            return true;
        };
    }
}
