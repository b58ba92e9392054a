package io.floodlock.runtime.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** The keys that somebody in this JVM uses or waits for, by name. Thread-safe. */
final class Locks {

    private static final class Use {
        final LocalLock lock;
        int users;

        Use(LocalLock lock) {
            this.lock = lock;
        }
    }

    private final ConcurrentMap<String, Use> byName = new ConcurrentHashMap<>();
    private final Runnable hurryRenewal;
    private volatile boolean closing;

    Locks(Runnable hurryRenewal) {
        this.hurryRenewal = hurryRenewal;
    }

    /** The key's lock, kept until {@link #unuse}. */
    LocalLock use(String name, Bucket bucket, Node node) {
        return byName.compute(name, (key, known) -> {
                    Use use = known == null ? new Use(new LocalLock(name, bucket, node, this)) : known;
                    use.users++;
                    return use;
                })
                .lock;
    }

    void unuse(LocalLock lock) {
        byName.computeIfPresent(lock.name, (key, use) -> --use.users == 0 ? null : use);
    }

    /** Null if nobody here uses the key. */
    LocalLock find(String name) {
        Use use = byName.get(name);
        return use == null ? null : use.lock;
    }

    List<Hold> holdsOf(Session session) {
        List<Hold> holds = new ArrayList<>();
        forEach(lock -> {
            Hold hold = lock.holdOf(session);
            if (hold != null) {
                holds.add(hold);
            }
        });
        return holds;
    }

    void sessionEnded(Session session, String why) {
        forEach(lock -> lock.sessionEnded(session, why));
    }

    void recheck(Bucket bucket) {
        forEach(lock -> {
            if (lock.bucket == bucket) {
                lock.recheck();
            }
        });
    }

    void recheckAll() {
        forEach(LocalLock::recheck);
    }

    /** From now on nobody waits. */
    void startClosing() {
        closing = true;
        forEach(LocalLock::abandonAll);
    }

    boolean closing() {
        return closing;
    }

    void hurryRenewal() {
        hurryRenewal.run();
    }

    int size() {
        return byName.size();
    }

    private void forEach(Consumer<LocalLock> action) {
        byName.values().forEach(use -> action.accept(use.lock));
    }
}
