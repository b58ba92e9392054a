package io.floodlock.examples.bench.locks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The JDK's own lock, for one JVM; or no lock at all, which the check of the control row must detect. */
public final class LocalLocks implements LockKind {

    private final boolean none;
    private final Map<String, Lock> locks = new ConcurrentHashMap<>();

    public LocalLocks(Place place) {
        none = place.flavor().equals("none");
    }

    @Override
    public Section exclusive(String name) {
        if (none) {
            return body -> {
                body.run();
                return true;
            };
        }
        Lock lock = locks.computeIfAbsent(name, key -> new ReentrantLock());
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
}
