package io.floodlock.runtime.queue.outbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The buckets that hold calls which this JVM has committed and which are not known to be in the store yet. A call that
 * is stored at once waits for them, so that it does not overtake calls of its key. Thread-safe.
 */
final class UnsentBuckets {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition removed = lock.newCondition();

    /** The ids of the databases in which a bucket holds some. */
    @GuardedBy("lock")
    private final Map<OutboxTables.Bucket, Set<String>> homes = new HashMap<>();

    /** Written under the lock. */
    private volatile boolean any;

    void add(String home, OutboxTables.Bucket bucket) {
        lock.lock();
        try {
            homes.computeIfAbsent(bucket, first -> new HashSet<>()).add(home);
            any = true;
        } finally {
            lock.unlock();
        }
    }

    void remove(String home, OutboxTables.Bucket bucket) {
        lock.lock();
        try {
            Set<String> known = homes.get(bucket);
            if (known != null && known.remove(home) && known.isEmpty()) {
                homes.remove(bucket);
                any = !homes.isEmpty();
                removed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The buckets of that database. */
    List<OutboxTables.Bucket> of(String home) {
        lock.lock();
        try {
            return homes.entrySet().stream()
                    .filter(entry -> entry.getValue().contains(home))
                    .map(Map.Entry::getKey)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The number of buckets of that queue, which is named with its namespace. */
    long count(String queue) {
        lock.lock();
        try {
            return homes.keySet().stream()
                    .filter(bucket -> bucket.queue().equals(queue))
                    .count();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the bucket holds none. An interrupt does not end the wait; the thread's interrupt status is then set
     * on return.
     *
     * @return false if the time has passed before
     */
    boolean awaitNone(OutboxTables.Bucket bucket, long nanos) {
        if (!any) {
            return true;
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        lock.lock();
        try {
            for (long left = nanos; homes.containsKey(bucket); left = deadline - System.nanoTime()) {
                if (left <= 0) {
                    return false;
                }
                try {
                    removed.awaitNanos(left);
                } catch (InterruptedException e) {
                    // the storing of the call would not end for it either
                    interrupted = true;
                }
            }
            return true;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
