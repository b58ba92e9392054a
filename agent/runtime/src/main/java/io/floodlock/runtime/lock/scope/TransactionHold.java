package io.floodlock.runtime.lock.scope;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.local.Holding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys that one open transaction of the application keeps after the scopes that acquired them have been closed.
 * So no other holder gets a key before the transaction has ended. {@code TransactionHolds} makes one for each
 * transaction and ends it. Thread-safe.
 */
final class TransactionHold implements KeyKeeper {

    /*
     * OPEN    It keeps the Holdings of scopes that were closed in the transaction, each Holding once. A loop in a
     *         transaction adds nothing after its first iteration, because scopes in the transaction re-enter the kept
     *         Holdings.
     * ENDED   Final. The transaction has ended, in any way and on any thread. It keeps nothing, and accepts nothing
     *         any more.
     *
     * Independently of these states it may be lost, as a scope may; then the commit is vetoed. If a Holding was lost
     * and its key is acquired again, a new Holding replaces it under the same name, but the loss stays recorded.
     *
     * keep() and end() may run at the same time, because connections can change threads. The mutex decides which is
     * first: either the Holding is retained here and end() leaves it, or it is not retained and the closing scope
     * frees it when it leaves. leave() is never called under this mutex, because it takes the mutex of the local
     * lock.
     *
     * Any other user of a Holding, such as a scope that is still open around or another transaction of the thread,
     * keeps it by a reference of its own. The key is free when the last user has left. The maxHold of the scope that
     * acquired a key goes on counting: when it has passed, the Holding is evicted from here too.
     */

    private final ReentrantLock mutex = new ReentrantLock();

    @GuardedBy("mutex")
    private final Map<String, Holding> kept = new HashMap<>();

    private volatile List<FenceClaim> claims = List.of();

    @GuardedBy("mutex")
    private boolean ended;

    private volatile String lost;

    /** Keeps the Holdings of a scope that is about to leave them. */
    void keep(List<Holding> entries) {
        List<Holding> replaced = new ArrayList<>(0);
        mutex.lock();
        try {
            for (int i = 0; i < entries.size() && !ended; i++) {
                Holding entry = entries.get(i);
                Holding known = kept.get(entry.name());
                if (known != entry && entry.retain()) {
                    kept.put(entry.name(), entry);
                    replaced.add(known);
                }
            }
        } finally {
            mutex.unlock();
        }
        for (Holding known : replaced) {
            if (known != null) {
                lost = known.lost().getMessage();
                known.leave();
            }
        }
    }

    /** Takes over the fence claims of a scope that is about to leave its keys. */
    void claim(List<FenceClaim> more) {
        if (more.isEmpty()) {
            return;
        }
        mutex.lock();
        try {
            List<FenceClaim> all = new ArrayList<>(claims);
            for (FenceClaim claim : more) {
                Holding entry = ((ScopeClaim) claim).entry();
                if (kept.get(entry.name()) == entry && !claims(entry)) {
                    all.add(claim);
                }
            }
            if (all.size() > claims.size()) {
                claims = List.copyOf(all);
            }
        } finally {
            mutex.unlock();
        }
    }

    private boolean claims(Holding entry) {
        for (FenceClaim known : claims) {
            if (((ScopeClaim) known).entry() == entry) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<FenceClaim> claims() {
        return claims;
    }

    /**
     * Leaves all kept Holdings. Only the first call has an effect.
     *
     * @return the names of the keys that were kept
     */
    List<String> end() {
        List<Holding> last = new ArrayList<>();
        mutex.lock();
        try {
            ended = true;
            last.addAll(kept.values());
            kept.clear();
        } finally {
            mutex.unlock();
        }
        List<String> names = new ArrayList<>(last.size());
        for (Holding entry : last) {
            names.add(entry.name());
            entry.leave();
        }
        return names;
    }

    boolean ended() {
        mutex.lock();
        try {
            return ended;
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public Holding entry(String name) {
        mutex.lock();
        try {
            return kept.get(name);
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public FloodlockFailure loss() {
        String known = lost;
        if (known != null) {
            return Failure.LOCK_LOST.because(known);
        }
        mutex.lock();
        try {
            for (Holding entry : kept.values()) {
                if (!entry.held()) {
                    FloodlockFailure why = entry.lost();
                    lost = why.getMessage();
                    return why;
                }
            }
            return null;
        } finally {
            mutex.unlock();
        }
    }
}
