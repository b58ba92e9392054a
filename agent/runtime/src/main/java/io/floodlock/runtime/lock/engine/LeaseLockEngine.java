package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.lock.local.Holding;
import io.floodlock.runtime.lock.local.LockTable;
import io.floodlock.runtime.lock.redis.RedisLockStore;
import io.floodlock.runtime.lock.redis.RedisNode;
import io.floodlock.runtime.lock.scope.LateLockWarnings;
import io.floodlock.runtime.lock.scope.Scope;
import io.floodlock.runtime.lock.scope.ScopeStack;
import io.floodlock.runtime.lock.scope.ThreadScopes;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.LockStore;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.runtime.thread.BodyThreads;
import io.floodlock.runtime.time.AgentScheduler;
import io.floodlock.runtime.time.Clock;
import io.floodlock.runtime.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock engine: acquires keys for threads, for asynchronous calls and for the JVM as a whole, over leases that Redis
 * keeps for this JVM. An acquisition holds all its keys or none. The engine connects at the first use. Read
 * {@code Acquisition} for the steps of an acquisition, {@code LockTable} for the sharing of keys within the JVM and
 * {@code LockStore} for the guarantees of Redis. Thread-safe; waiting never pins a virtual thread.
 *
 * <p>While Redis does not answer, an acquisition keeps trying until its wait time has passed, and then fails with
 * UNAVAILABLE. An acquisition that does not wait fails at the first failed attempt, or after three seconds without an
 * answer. The very first connection may take longer than a short wait time, up to five seconds; if it succeeds, it does
 * not count against the wait time.
 */
public final class LeaseLockEngine implements LockEngine {

    private static final Logger log = LoggerFactory.getLogger(LeaseLockEngine.class);

    private final Settings settings;
    private final ExecutorService agentThreads = new AgentThreads("floodlock-locks").pool(2);
    private final BodyThreads asyncThreads = new BodyThreads("floodlock-async");
    private final Services services;
    private final LockTable locks;
    private final LockStore store;
    private final ScopeStack scopes;
    private final LateLockWarnings late;
    private final InversionDetector order;
    private final ThreadAcquirer acquirer;

    /** Uses {@code redis}, but does not close it. */
    public LeaseLockEngine(Settings settings, RedisGateway redis, Events events, OpenTransactions transactions) {
        this(settings, redis, events, transactions, Clock.SYSTEM, new AgentScheduler());
    }

    LeaseLockEngine(
            Settings settings,
            RedisGateway redis,
            Events events,
            OpenTransactions transactions,
            Clock clock,
            Scheduler timer) {
        this(
                settings,
                events,
                transactions,
                clock,
                timer,
                (services, grants) -> new RedisLockStore(RedisNode.create(settings, redis, services), grants));
    }

    LeaseLockEngine(
            Settings settings,
            Events events,
            OpenTransactions transactions,
            Clock clock,
            Scheduler timer,
            LockStore.Factory stores) {
        this.settings = settings;
        this.services =
                new Services(RedisNode.escape(settings.namespace()), agentThreads, asyncThreads, events, clock, timer);
        this.locks = new LockTable(services);
        this.store = stores.open(services, locks);
        this.scopes = new ScopeStack(services, locks::closing, transactions);
        this.late = new LateLockWarnings(timer, transactions);
        this.order = new InversionDetector(events);
        this.acquirer = new ThreadAcquirer(store, locks, late);
    }

    @Override
    public LockScope acquire(List<LockRequest> requests, LockTerms terms) {
        ThreadScopes here = scopes.here();
        here.requireRoom();
        Scope scope = new Scope(scopes, here, terms);
        Caller who = here.who(terms.site());
        try {
            if (enterByGate(scope, who, requests) || take(scope, who, requests, terms)) {
                scope.byThread();
                late.taken(requests, terms);
            }
            if (terms.minHold() != null) {
                MinimumHold.record(scope).await(store);
            }
            scope.open(() -> {});
            here.push(scope);
            return scope;
        } catch (RuntimeException | Error e) {
            scope.abandon();
            throw e;
        }
    }

    /**
     * Acquires a single key by the fast path, if no scope is around, this JVM has the key and it is free: then no
     * order matters and nothing has to wait.
     */
    private boolean enterByGate(Scope scope, Caller who, List<LockRequest> requests) {
        if (requests.size() != 1 || !scope.alone()) {
            return false;
        }
        scope.want(requests);
        LockRequest request = requests.get(0);
        Holding entry = locks.enterIfFree(request, who, true);
        if (entry == null) {
            return false;
        }
        scope.add(entry);
        return true;
    }

    /** Acquires the keys. Returns false if scopes around hold all of them, so that they were only re-entered. */
    private boolean take(Scope scope, Caller who, List<LockRequest> requests, LockTerms terms) {
        scopes.here().requireMoreRoom();
        Acquisition acquisition = new Acquisition(store, locks, order, scope, who, requests, terms);
        acquisition.reenter(scopes);
        if (acquisition.complete()) {
            return false;
        }
        acquirer.take(acquisition);
        return true;
    }

    @Override
    public Pending acquireAsync(List<LockRequest> requests, LockTerms terms, Listener listener) {
        ThreadScopes here = scopes.here();
        here.requireMoreRoom();
        Scope scope = new Scope(scopes, here, terms);
        Acquisition acquisition = new Acquisition(store, locks, order, scope, here.who(terms.site()), requests, terms);
        AsyncAcquisition pending = new AsyncAcquisition(services, locks, store, acquisition, listener);
        pending.begin(scopes);
        return pending;
    }

    @Override
    public Pending acquireAgain(LockScope scope, Listener listener) {
        Scope open = (Scope) scope;
        return acquireAsync(open.requests(), open.terms().again(), listener);
    }

    @Override
    public LockScope current() {
        return scopes.current();
    }

    @Override
    public boolean around() {
        return scopes.isInAny();
    }

    @Override
    public void verifyCurrent() {
        scopes.verify();
    }

    @Override
    public List<FenceClaim> claims() {
        return scopes.claims();
    }

    @Override
    public Optional<Ownership> tryOwn(String name, Ownership.Listener listener) {
        LockTerms terms = new LockTerms(Duration.ZERO, null, "a queue's lane", false);
        List<LockRequest> requests = List.of(new LockRequest(name, LockMode.EXCLUSIVE));
        Acquisition acquisition =
                new Acquisition(store, locks, order, null, Caller.here(terms.site()), requests, terms);
        return acquirer.tryOwn(acquisition, listener);
    }

    /**
     * Makes the next tokens of the name's bucket greater than {@code token}, which another store has kept and Redis
     * has lost.
     */
    public CompletableFuture<Void> raiseTokens(String name, long token) {
        return store.buckets().thenCompose(names -> names.bucketOf(name).raise(token));
    }

    /** The index of the name's bucket. Waits for the first connection. */
    int bucketOf(String name) {
        return store.buckets().join().bucketOf(name).index();
    }

    /** The number of keys that callers in this JVM hold or wait for. */
    int keysInUse() {
        return locks.used();
    }

    /** The number of keys that this JVM holds or waits for, idle ones included. */
    int keysKnown() {
        return locks.size();
    }

    /** Gives back idle keys, and retains no key from now on. Keys in use stay held, and callers may acquire more. */
    public void freeIdle() {
        locks.shed();
    }

    @Override
    public void close() {
        locks.startClosing();
        store.stopConnecting();
        SessionEndings endings = new SessionEndings(store, locks);
        if (scopes.open().count() == 0) {
            // all held keys are idle: ending the sessions frees all of them at once, however many there are
            endings.begin();
        } else {
            locks.shed();
        }
        locks.abandonAll();
        int left = scopes.open().awaitAllClosed(settings.shutdownWait());
        if (left > 0) {
            log.warn(
                    "{} lock scopes are still open after floodlock.shutdown-wait = {} ms; their locks are lost now",
                    left,
                    settings.shutdownWait().toMillis());
        }
        endings.begin();
        endings.await();
        store.close();
        services.timer().close();
        agentThreads.shutdown();
        asyncThreads.shutdown();
    }
}
