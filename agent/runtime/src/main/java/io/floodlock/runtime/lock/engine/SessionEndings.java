package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.lock.local.LockTable;
import io.floodlock.runtime.lock.store.Bucket;
import io.floodlock.runtime.lock.store.EndedSession;
import io.floodlock.runtime.lock.store.LockStore;
import io.floodlock.runtime.lock.store.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that this JVM ends in Redis as it shuts down, until Redis has confirmed it.
 * {@code LeaseLockEngine.close} makes it. Used by one thread.
 */
final class SessionEndings {

    private static final Logger log = LoggerFactory.getLogger(SessionEndings.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final LockStore store;
    private final LockTable locks;
    private final List<Ending> endings = new ArrayList<>();

    SessionEndings(LockStore store, LockTable locks) {
        this.store = store;
        this.locks = locks;
    }

    /**
     * Ends all sessions that are open now. It ends all of them first, because that frees the keys. Finding the keys to
     * be cleared comes after that: it takes longer the more keys were held.
     */
    void begin() {
        Map<Bucket, EndedSession> ended = new HashMap<>();
        for (Bucket bucket : store.connected()) {
            bucket.end().ifPresent(session -> ended.put(bucket, session));
        }
        if (!ended.isEmpty()) {
            Map<Session, List<String>> held = locks.held();
            ended.forEach((bucket, one) -> endings.add(
                    new Ending(one.closed(), bucket.clear(one, held.getOrDefault(one.session(), List.of())))));
        }
    }

    /** Waits until Redis has confirmed the ends: a second for each step at most. */
    void await() {
        try {
            all(Ending::closed).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            // other JVMs clear what is not cleared in time, or it expires
            all(Ending::cleared)
                    .exceptionally(failure -> null)
                    .completeOnTimeout(null, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
                    .get();
        } catch (ExecutionException | TimeoutException e) {
            log.warn(
                    "A lock session could not be ended in Redis at {}; its locks are free when its lease has ended",
                    store.address());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The two steps by which a session ends in Redis.
     *
     * @param closed completes when the session has ended, so that its keys are free
     * @param cleared completes when nothing of the session is left
     */
    private record Ending(CompletableFuture<?> closed, CompletableFuture<?> cleared) {}

    private CompletableFuture<Void> all(Function<Ending, CompletableFuture<?>> of) {
        return CompletableFuture.allOf(endings.stream().map(of).toArray(CompletableFuture[]::new));
    }
}
