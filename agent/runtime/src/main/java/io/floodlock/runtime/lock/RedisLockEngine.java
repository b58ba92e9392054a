package io.floodlock.runtime.lock;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.RedisClient;
import io.floodlock.runtime.thread.AgentThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks over Redis. Connects at the first use. Thread-safe; waiting never pins a virtual thread.
 *
 * <p>While Redis doesn't answer, an acquisition goes on trying until its wait time has passed and then fails with UNAVAILABLE;
 * one that doesn't wait fails at the first failed attempt, and after three seconds without an answer. The very first connection
 * may take longer than a short wait time, up to five seconds, and isn't counted where it succeeds.
 */
public final class RedisLockEngine implements LockEngine {

    private static final Logger log = LoggerFactory.getLogger(RedisLockEngine.class);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(3);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Settings settings;
    private final RedisClient redis;
    private final ExecutorService agentThreads = new AgentThreads("floodlock-locks").pool(2);
    private final Node node;
    private final Renewal renewal;
    private final Locks locks;
    private final ScopeStack scopes;

    private final ReentrantLock mutex = new ReentrantLock();
    private volatile Layout layout;
    private CompletableFuture<Layout> starting;

    /** Uses {@code redis}, but doesn't close it. */
    public RedisLockEngine(Settings settings, RedisClient redis, Events events) {
        this(settings, redis, events, Clock.SYSTEM);
    }

    RedisLockEngine(Settings settings, RedisClient redis, Events events, Clock clock) {
        this.settings = settings;
        this.redis = redis;
        this.node = Node.create(settings, redis, agentThreads, events, clock);
        this.renewal = new Renewal(settings.lease(), redis, this::buckets);
        this.locks = new Locks(renewal::hurry);
        this.scopes = new ScopeStack(locks);
        redis.onReconnect(() -> agentThreads.execute(() -> buckets().forEach(Bucket::compare)));
    }

    @Override
    public LockScope acquire(List<LockRequest> requests, Duration waitTime, String site) {
        boolean patient = !waitTime.isZero();
        Scope outer = scopes.current();
        Scope scope = new Scope(scopes, outer);
        String who = "thread " + Thread.currentThread().getName() + " in " + site;
        try {
            Layout names = layout(waitTime, requests.get(0), site);
            long start = System.nanoTime();
            long deadline = start + (patient ? waitTime : ANSWER_PATIENCE).toNanos();
            for (LockRequest request : KeyOrder.of(requests, names)) {
                Entry held = outer == null ? null : outer.find(request.name());
                if (held != null) {
                    reenter(scope, held, request, site);
                } else {
                    scope.add(enter(names, request, start, deadline, patient, who, site));
                }
            }
        } catch (RuntimeException | Error e) {
            scope.giveUp();
            throw e;
        }
        scopes.push(scope);
        return scope;
    }

    private static void reenter(Scope scope, Entry held, LockRequest request, String site) {
        if (request.mode() == Mode.EXCLUSIVE && held.mode == Mode.SHARED) {
            throw Messages.upgrade(request.name(), site);
        }
        if (!held.held()) {
            throw Messages.lost(request.name());
        }
        scope.reenter(held);
    }

    private Entry enter(
            Layout names, LockRequest request, long start, long deadline, boolean patient, String who, String site) {
        if (locks.closing()) {
            throw Messages.closing();
        }
        Waiter waiter = new Waiter(request.mode(), patient, who, null);
        LocalLock lock = locks.use(request.name(), names.bucketOf(request.name()), node);
        boolean entered = false;
        try {
            lock.enter(waiter, deadline);
            if (waiter.entry != null) {
                entered = true;
                return waiter.entry;
            }
            throw refusal(lock, waiter, request, start, patient, site);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Messages.interrupted(request, site);
        } finally {
            if (!entered) {
                locks.unuse(lock);
            }
        }
    }

    private FloodlockFailure refusal(
            LocalLock lock, Waiter waiter, LockRequest request, long start, boolean patient, String site) {
        if (locks.closing()) {
            return Messages.closing();
        }
        if (waiter.failure != null) {
            return Failure.UNAVAILABLE.because(
                    waiter.failure.getMessage() + " Wanted: the lock '" + request.name() + "' at " + site,
                    waiter.failure);
        }
        if (waiter.unanswered) {
            return unanswered(request, site, null);
        }
        Holder holder = waiter.refused != null ? waiter.refused : lock.holder();
        long waited = patient ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) : -1;
        return Messages.timeout(request, site, waited, holder);
    }

    @Override
    public LockScope current() {
        return scopes.current();
    }

    @Override
    public void verifyCurrent() {
        for (Scope scope = scopes.current(); scope != null; scope = scope.outer()) {
            scope.verify();
        }
    }

    @Override
    public Optional<Ownership> tryOwn(String name, Ownership.Listener listener) {
        String who = "a queue's lane";
        LockRequest request = new LockRequest(name, Mode.EXCLUSIVE);
        Layout names = layout(Duration.ZERO, request, who);
        if (locks.closing()) {
            throw Messages.closing();
        }
        Waiter waiter = new Waiter(Mode.EXCLUSIVE, false, who, listener);
        LocalLock lock = locks.use(name, names.bucketOf(name), node);
        Owned owned = null;
        try {
            lock.enter(waiter, System.nanoTime() + ANSWER_PATIENCE.toNanos());
            if (waiter.entry != null) {
                owned = new Owned(waiter.entry, locks, lock.token(waiter.entry, ANSWER_PATIENCE));
            } else if (waiter.failure != null) {
                throw waiter.failure;
            } else if (waiter.unanswered) {
                throw unanswered(request, who, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Messages.interrupted(request, who);
        } finally {
            if (owned == null) {
                if (waiter.entry != null) {
                    waiter.entry.leave();
                }
                locks.unuse(lock);
            }
        }
        return Optional.ofNullable(owned);
    }

    /** Lets the next tokens of the name's bucket be greater than {@code token}, which another store has kept and Redis lost. */
    public CompletableFuture<Void> raiseTokens(String name, long token) {
        return start().thenCompose(names -> names.bucketOf(name).raise(token));
    }

    private List<Bucket> buckets() {
        Layout names = layout;
        return names == null ? List.of() : names.buckets();
    }

    /** How names are laid out, which only the connected Redis tells. */
    private Layout layout(Duration waitTime, LockRequest first, String site) {
        Layout known = layout;
        if (known != null) {
            return known;
        }
        long start = System.nanoTime();
        long answerBy = start + Math.max(waitTime.toNanos(), CONNECT_PATIENCE.toNanos());
        FloodlockFailure last = null;
        while (true) {
            if (locks.closing()) {
                throw Messages.closing();
            }
            CompletableFuture<Layout> attempt = start();
            try {
                return attempt.get(Math.max(0, answerBy - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                last = redis.explain(e);
                if (System.nanoTime() - start + RETRY_NANOS >= waitTime.toNanos()) {
                    throw last;
                }
                LockSupport.parkNanos(this, RETRY_NANOS);
            } catch (TimeoutException e) {
                if (last != null) {
                    // what Redis has said says more than that it was silent this time
                    throw last;
                }
                throw Failure.UNAVAILABLE.because(
                        "Redis at " + redis.address() + " did not answer in time for the lock '" + first.name()
                                + "' at " + site + ". Check that it runs and is not overloaded.",
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Messages.interrupted(first, site);
            }
        }
    }

    private FloodlockFailure unanswered(LockRequest request, String site, Throwable cause) {
        return Failure.UNAVAILABLE.because(
                "Redis at " + redis.address() + " did not answer in time for the lock '" + request.name() + "' at "
                        + site + ". Check that it runs and is not overloaded.",
                cause);
    }

    private CompletableFuture<Layout> start() {
        CompletableFuture<Layout> attempt;
        mutex.lock();
        try {
            if (layout != null) {
                return CompletableFuture.completedFuture(layout);
            }
            if (starting != null) {
                return starting;
            }
            attempt = new CompletableFuture<>();
            starting = attempt;
        } finally {
            mutex.unlock();
        }
        redis.cluster()
                .thenCompose(this::prepare)
                .whenCompleteAsync((made, failure) -> started(attempt, made, failure), agentThreads);
        return attempt;
    }

    private CompletableFuture<Layout> prepare(boolean cluster) {
        Layout made = new Layout(node, locks, cluster);
        Pushes pushes = new Pushes(made, locks);
        return made.check()
                .thenCompose(same -> redis.subscribe(node.channel(), pushes))
                .thenCompose(same -> redis.subscribe(node.broadcastChannel(), pushes))
                .thenApply(same -> made);
    }

    private void started(CompletableFuture<Layout> attempt, Layout made, Throwable failure) {
        boolean first = false;
        mutex.lock();
        try {
            starting = null;
            if (failure == null && layout == null) {
                layout = made;
                first = true;
            }
        } finally {
            mutex.unlock();
        }
        if (first) {
            renewal.start();
        }
        if (failure == null) {
            attempt.complete(made);
        } else {
            attempt.completeExceptionally(failure);
        }
    }

    @Override
    public void close() {
        locks.startClosing();
        int left = scopes.awaitAllClosed(settings.shutdownWait());
        if (left > 0) {
            log.warn(
                    "{} lock scopes are still open after floodlock.shutdown-wait = {} ms; they are lost now",
                    left,
                    settings.shutdownWait().toMillis());
        }
        List<CompletableFuture<?>> closing = new ArrayList<>();
        for (Bucket bucket : buckets()) {
            bucket.end().ifPresent(closing::add);
        }
        try {
            CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
                    .get(CLOSE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The lock session could not be ended in Redis at {}; its lease will end it", redis.address());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        renewal.close();
        agentThreads.shutdown();
    }
}
