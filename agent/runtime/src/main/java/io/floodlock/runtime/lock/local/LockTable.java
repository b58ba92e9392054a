package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.GrantEvents;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.HeldGrant;
import io.floodlock.runtime.lock.store.RemoteTry;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.lock.store.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * The keys that this JVM holds or waits for: one {@link LocalLock} by name, made at the first use and removed when it
 * is dead. It is the lock engine's entry to {@code lock.local}, and receives the store's events and passes each to
 * the lock that it names. Thread-safe.
 */
public final class LockTable implements GrantEvents {

    private final ConcurrentMap<String, LocalLock> byName = new ConcurrentHashMap<>();
    private final Services services;
    private final Retention retention;
    private final Repairs repairs = new Repairs();
    private final UndeliveredWakes undelivered = new UndeliveredWakes();

    private volatile boolean keeping = true;
    private volatile boolean closing;

    public LockTable(Services services) {
        this.services = services;
        this.retention = new Retention(services);
    }

    /** Admits the waiter, refuses it, or leaves it in the key's queue; never blocks. */
    public LocalLock enter(String name, Buckets names, Waiter waiter) {
        while (true) {
            LocalLock lock = byName.get(name);
            if (lock == null) {
                lock = byName.computeIfAbsent(name, key -> make(key, names.bucketOf(key)));
            }
            if (lock.enter(waiter)) {
                return lock;
            }
        }
    }

    /**
     * Enters a key exclusively if this JVM has it, it is free, and there is nothing to decide. Else null: the caller
     * must use {@link #enter}.
     */
    public Holding enterIfFree(LockRequest request, Caller who, boolean byThread) {
        LocalLock lock = find(request.name());
        return lock == null || request.mode() == LockMode.SHARED
                ? null
                : lock.fastPath().enter(who, byThread);
    }

    private LocalLock make(String name, Bucket bucket) {
        bucket.used();
        return new LocalLock(name, bucket, services, this);
    }

    /** Removes a dead lock: the next caller that wants the key gets a new one. */
    void remove(LocalLock lock) {
        if (byName.remove(lock.name, lock)) {
            lock.bucket.unused();
        }
    }

    /** The lock of a key; null if nobody in this JVM holds the key or waits for it. */
    LocalLock find(String name) {
        return byName.get(name);
    }

    /** The flag that {@link #mend} has something to do. */
    Repairs repairs() {
        return repairs;
    }

    Retention retention() {
        return retention;
    }

    @Override
    public void granted(Bucket bucket, String session, long grant, String name, GrantReply.Granted reply) {
        LocalLock lock = find(name);
        if (lock != null) {
            lock.dialog().pushedGrant(session, grant, reply);
        } else {
            bucket.releaseUnknown(session, grant, name);
        }
    }

    @Override
    public void revocationRequested(Bucket bucket, String session, long grant, String name, RemoteTry asker) {
        LocalLock lock = find(name);
        if (lock != null) {
            lock.dialog().revocationRequested(session, grant, asker);
        } else {
            bucket.releaseEnded(session, grant, name);
            bucket.releaseUnknown(session, grant, name);
        }
    }

    @Override
    public void busy(String session, long grant, String name) {
        LocalLock lock = find(name);
        if (lock != null) {
            lock.dialog().pushedBusy(session, grant);
        }
    }

    @Override
    public void mend() {
        if (repairs.due) {
            repairs.due = false;
            try {
                undelivered.deliver(this::wake);
                forEach(LocalLock::look);
            } catch (Throwable e) {
                repairs.due = true;
                throw e;
            }
        }
        retention.mend();
    }

    /** Wakes a waiter, now or, if there is no memory for it, at a later {@link #mend}. */
    void wake(Waiter waiter) {
        try {
            waiter.wake();
        } catch (StackOverflowError | OutOfMemoryError e) {
            undelivered.add(waiter);
            repairs.due = true;
        }
    }

    @Override
    public List<LocalGrant> holdsOf(Session session) {
        List<LocalGrant> holds = new ArrayList<>();
        forEach(lock -> {
            LocalGrant hold = lock.holdOf(session);
            if (hold != null) {
                holds.add(hold);
            }
        });
        return holds;
    }

    @Override
    public boolean stillHolds(HeldGrant grant) {
        return grant instanceof LocalGrant hold && stillHolds(hold);
    }

    private boolean stillHolds(LocalGrant hold) {
        LocalLock lock = find(hold.name());
        return lock != null && lock.stillHolds(hold);
    }

    @Override
    public void sessionEnded(Session session, String why) {
        forEach(lock -> lock.sessionEnded(session, why));
    }

    @Override
    public void recheck(Bucket bucket) {
        forEach(lock -> {
            if (lock.bucket == bucket) {
                lock.recheck();
            }
        });
    }

    @Override
    public void recheckAll() {
        services.agentThreads().execute(() -> forEach(LocalLock::recheck));
    }

    /** From now on no key is acquired, and none is kept that nobody uses. */
    public void startClosing() {
        closing = true;
        stopKeeping();
    }

    /** From now on no key is kept that nobody uses. */
    private void stopKeeping() {
        keeping = false;
        retention.close();
    }

    boolean keeping() {
        return keeping;
    }

    /**
     * Gives back all keys that nobody uses, with one call for each bucket however many keys it has, and keeps none
     * from now on. Grant ids limit the call: it covers those given out up to now, except the ones found in use. A key
     * acquired meanwhile has a later grant id.
     */
    public void shed() {
        stopKeeping();
        long upTo = services.grants().get();
        Map<Bucket, List<Long>> kept = new HashMap<>();
        Map<Bucket, List<String>> left = new HashMap<>();
        forEach(lock -> {
            if (lock.shed(kept.computeIfAbsent(lock.bucket, bucket -> new ArrayList<>()))) {
                left.computeIfAbsent(lock.bucket, bucket -> new ArrayList<>()).add(lock.name);
            }
        });
        kept.forEach((bucket, grants) -> bucket.shed(upTo, grants, left.getOrDefault(bucket, List.of())));
    }

    /** The names of the held keys, by session. */
    public Map<Session, List<String>> held() {
        Map<Session, List<String>> names = new HashMap<>();
        forEach(lock -> {
            Session session = lock.heldBy();
            if (session != null) {
                names.computeIfAbsent(session, same -> new ArrayList<>()).add(lock.name);
            }
        });
        return names;
    }

    /** Ends all waits; keys that nobody uses are given back. */
    public void abandonAll() {
        forEach(LocalLock::abandonAll);
    }

    @Override
    public boolean closing() {
        return closing;
    }

    /** The number of keys that a scope of this JVM holds or waits for. */
    public int used() {
        return (int) byName.values().stream().filter(LocalLock::used).count();
    }

    /** The number of keys that this JVM holds or waits for, idle ones included. */
    public int size() {
        return byName.size();
    }

    private void forEach(Consumer<LocalLock> action) {
        byName.values().forEach(action);
    }
}
