package io.floodlock.examples.bench.locks;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * Redisson's locks: {@code RLock}, {@code RFencedLock}, {@code RSpinLock} and {@code RReadWriteLock}. Shared locks
 * are always those of {@code RReadWriteLock}; exclusive ones are its write locks in the flavor of that name.
 */
public final class RedissonLocks implements LockKind {

    private final RedissonClient redisson;
    private final Function<String, RLock> locks;
    private final AtomicLong holders = new AtomicLong(1_000_000);

    public RedissonLocks(Place place) {
        redisson = client(place.redisUrl());
        locks = switch (place.flavor()) {
            case "RLock" -> redisson::getLock;
            case "RFencedLock" -> redisson::getFencedLock;
            case "RSpinLock" -> redisson::getSpinLock;
            case "RReadWriteLock" -> name -> redisson.getReadWriteLock(name).writeLock();
            default -> throw new IllegalArgumentException(place.flavor());
        };
    }

    @Override
    public Section exclusive(String name) {
        return waiting(locks.apply(name));
    }

    @Override
    public Section shared(String name) {
        return waiting(redisson.getReadWriteLock(name).readLock());
    }

    private static Section waiting(RLock lock) {
        return body -> {
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
        RLock lock = locks.apply(name);
        return body -> {
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

    @Override
    public CompletionStage<Void> hold(String name) {
        return locks.apply(name).lockAsync(holders.incrementAndGet());
    }

    /**
     * The best configuration of Redisson: with the default of 32 Netty threads it loses a third of its throughput on
     * two cores.
     */
    public static RedissonClient client(String url) {
        Config config = new Config();
        config.setNettyThreads(Math.max(2, Runtime.getRuntime().availableProcessors()));
        config.setCodec(StringCodec.INSTANCE);
        config.useSingleServer().setAddress(url);
        return Redisson.create(config);
    }
}
