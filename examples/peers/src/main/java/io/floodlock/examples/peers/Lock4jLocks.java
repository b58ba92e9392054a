package io.floodlock.examples.peers;

import com.baomidou.lock.LockInfo;
import com.baomidou.lock.LockTemplate;
import com.baomidou.lock.executor.RedissonLockExecutor;
import com.baomidou.lock.spring.boot.autoconfigure.Lock4jProperties;
import io.floodlock.examples.bench.locks.LockKind;
import io.floodlock.examples.bench.locks.RedissonLocks;
import io.floodlock.examples.bench.locks.Section;
import java.util.List;

/** Lock4j over Redisson, the faster of its two Redis clients. */
public final class Lock4jLocks implements LockKind {

    private static final long EXPIRE_MILLIS = 30_000;
    private static final long WAIT_MILLIS = 300_000;

    private final LockTemplate template = new LockTemplate();

    public Lock4jLocks(Place place) throws Exception {
        template.setProperties(new Lock4jProperties());
        template.setExecutors(List.of(new RedissonLockExecutor(RedissonLocks.client(place.redisUrl()))));
        template.afterPropertiesSet();
    }

    @Override
    public Section exclusive(String name) {
        return taken(name, WAIT_MILLIS);
    }

    @Override
    public Section atOnce(String name) {
        return taken(name, 0);
    }

    private Section taken(String name, long waitMillis) {
        return body -> {
            LockInfo lock = template.lock(name, EXPIRE_MILLIS, waitMillis, RedissonLockExecutor.class);
            if (lock == null) {
                return false;
            }
            try {
                body.run();
            } finally {
                template.releaseLock(lock);
            }
            return true;
        };
    }
}
