package io.floodlock.runtime.lock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How names are laid out, which only the connected Redis tells, and what begins with it: pushes and renewal. A failed attempt
 * fails whoever waits for it and is forgotten, so that the next use tries again. Thread-safe.
 */
final class Startup {

    /** Longer than all its requests may take: an Error has ended what would have ended it. */
    private static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Node node;
    private final Locks locks;
    private final Renewal renewal;

    private final ReentrantLock mutex = new ReentrantLock();
    private volatile Layout layout;

    @GuardedBy("mutex")
    private CompletableFuture<Layout> attempt;

    @GuardedBy("mutex")
    private long attemptSince;

    Startup(Node node, Locks locks, Renewal renewal) {
        this.node = node;
        this.locks = locks;
        this.renewal = renewal;
    }

    /** Null as long as Redis hasn't told. */
    Layout known() {
        return layout;
    }

    /** Of the attempt under way, or of a new one; never blocks. */
    CompletableFuture<Layout> layout() {
        CompletableFuture<Layout> made;
        mutex.lock();
        try {
            if (layout != null) {
                return CompletableFuture.completedFuture(layout);
            }
            if (locks.closing()) {
                return CompletableFuture.failedFuture(Messages.closing());
            }
            if (attempt != null && System.nanoTime() - attemptSince < ATTEMPT_NANOS) {
                return attempt;
            }
            made = new CompletableFuture<>();
            attempt = made;
            attemptSince = System.nanoTime();
        } finally {
            mutex.unlock();
        }
        node.redis()
                .cluster()
                .thenCompose(this::prepare)
                .whenCompleteAsync(
                        (prepared, failure) -> ended(made, prepared, failure),
                        node.services().agentThreads());
        return made;
    }

    List<Bucket> buckets() {
        Layout names = layout;
        return names == null ? List.of() : names.buckets();
    }

    /** Fails who waits for an attempt; to be called once the locks are closing. */
    void close() {
        CompletableFuture<Layout> last;
        mutex.lock();
        try {
            last = attempt;
        } finally {
            mutex.unlock();
        }
        if (last != null) {
            last.completeExceptionally(Messages.closing());
        }
    }

    private CompletableFuture<Layout> prepare(boolean cluster) {
        Layout made = new Layout(node, locks, cluster);
        Pushes pushes = new Pushes(made, locks);
        return made.check()
                .thenCompose(same -> node.redis().subscribe(node.channel(), pushes))
                .thenApply(same -> made);
    }

    private void ended(CompletableFuture<Layout> made, Layout prepared, Throwable failure) {
        boolean first = false;
        mutex.lock();
        try {
            if (attempt == made) {
                attempt = null;
            }
            if (failure == null && layout == null) {
                // first, as without it nothing that is taken stays held
                renewal.start();
                layout = prepared;
                first = true;
            }
        } catch (RuntimeException | Error e) {
            made.completeExceptionally(e);
            throw e;
        } finally {
            mutex.unlock();
        }
        if (failure == null) {
            made.complete(layout);
        } else {
            made.completeExceptionally(failure);
        }
        if (first) {
            // when they are needed, the JVM has little time left
            node.redis().preload(LockScripts.SHED);
            node.redis().preload(LockScripts.CLOSE);
            node.redis().preload(LockScripts.CLEAR);
        }
    }
}
