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

/** The keys that one open transaction keeps after the scopes that took them have been closed. Thread-safe. */
final class TransactionHold implements KeyKeeper {

    /*
     * OPEN    keeps what scopes closed in the transaction relied on, each entry once: a loop in a transaction adds nothing
     *         after its first turn, and scopes in it re-enter what is kept.
     * ENDED   final, as the transaction ends, however and on whatever thread: keeps nothing, and takes nothing any more.
     *
     * It may be lost beside that, as a scope may: its commit is vetoed then. An entry that was lost and is wanted again has a
     * successor under the same name; the loss stays known.
     *
     * keep() and end() may meet, as connections change threads. Who comes first under the mutex decides: either the entry is
     * retained and left by end(), or it is not and the closing scope's own leaving frees it. Nothing is left under the mutex,
     * for that takes the local lock's.
     *
     * Whoever else relies on an entry, a scope still open around, another transaction of the thread, keeps it by its own
     * reference; the key is free when the last has gone. The maxHold of the scope that took a key goes on counting: past it
     * the entry is evicted from here too.
     */

    private final ReentrantLock mutex = new ReentrantLock();

    @GuardedBy("mutex")
    private final Map<String, Holding> kept = new HashMap<>();

    private volatile List<FenceClaim> claims = List.of();

    @GuardedBy("mutex")
    private boolean ended;

    private volatile String lost;

    /** Keeps what a scope relied on that is about to leave it. */
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

    /** Goes on claiming what a scope claimed that is about to leave its keys. */
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

    /** Gives all back; the first call counts. @return what was kept */
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
