package io.floodlock.runtime.lock.store;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.time.AgentScheduler;
import io.floodlock.runtime.time.Clock;
import io.floodlock.runtime.time.Scheduler;
import io.floodlock.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One JVM as a store sees it: it asks, is granted, and knows no more than its own requests. */
final class StoreJvm implements GrantEvents, AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Scheduler timer = new AgentScheduler();
    private final Services services = new Services("test", threads, null, Events.NONE, Clock.SYSTEM, timer);
    private final LockStore store;
    private final Buckets buckets;

    private final Map<Long, Request> known = new ConcurrentHashMap<>();
    private final Map<String, Request> last = new ConcurrentHashMap<>();
    private final Map<Long, GrantReply.Granted> pushed = new ConcurrentHashMap<>();
    private final Set<Long> revoked = ConcurrentHashMap.newKeySet();
    private final Set<Long> used = ConcurrentHashMap.newKeySet();
    private final Set<Long> busy = ConcurrentHashMap.newKeySet();
    private final Set<Session> ended = ConcurrentHashMap.newKeySet();
    private volatile boolean eventsMissed;
    private volatile boolean closing;

    StoreJvm(LockStore.Factory stores) {
        store = stores.open(services, this);
        buckets = get(store.buckets());
    }

    final class Request implements GrantRequest, HeldGrant {
        private final long grant = services.grants().incrementAndGet();
        private final String name;
        private final LockMode mode;
        private final boolean waits;
        private volatile Session session;

        private Request(String name, LockMode mode, boolean waits) {
            this.name = name;
            this.mode = mode;
            this.waits = waits;
            known.put(grant, this);
            last.put(name, this);
            // as an engine does as long as it has the key; a session without keys is ended
            buckets.bucketOf(name).used();
        }

        @Override
        public long grant() {
            return grant;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public LockMode mode() {
            return mode;
        }

        @Override
        public boolean waits() {
            return waits;
        }

        @Override
        public Caller caller() {
            return new Caller("main", "com.shop.Orders.place");
        }

        @Override
        public boolean givenUp() {
            return false;
        }

        @Override
        public void sentUnder(Session live) {
            session = live;
        }

        @Override
        public Session session() {
            return session;
        }
    }

    // ---- what it does

    Request exclusive(String name) {
        return new Request(name, LockMode.EXCLUSIVE, true);
    }

    Request shared(String name) {
        return new Request(name, LockMode.SHARED, true);
    }

    Request tries(String name) {
        return new Request(name, LockMode.EXCLUSIVE, false);
    }

    GrantReply ask(Request request) {
        return answer(then -> bucket(request).acquire(request, then));
    }

    GrantReply.Granted granted(Request request) {
        return assertInstanceOf(GrantReply.Granted.class, ask(request));
    }

    void grantedSoon(Request request) {
        Await.until(request.name + " is granted", PATIENCE, () -> ask(request) instanceof GrantReply.Granted);
    }

    QueuePlace look(String name, QueuePlace place) {
        return answer(then -> buckets.bucketOf(name).look(place, then));
    }

    void release(Request request) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        known.remove(request.grant);
        bucket(request).releaseLater(request.session, request.grant, request.name, acknowledged);
        bucket(request).flushReleases(true);
        get(acknowledged);
    }

    long reserve(Request request, int count) {
        return StoreJvm.<Long>answer(then -> bucket(request).reserveTokens(request, count, then));
    }

    Failure reserveFailure(Request request) {
        try {
            reserve(request, 1);
            return null;
        } catch (CompletionException e) {
            return ((FloodlockFailure) e.getCause()).kind();
        }
    }

    boolean keepTaken(Request request, Duration span) {
        return StoreJvm.<Boolean>answer(then -> bucket(request).keepTaken(request, span, "a test", then));
    }

    void raise(String name, long token) {
        get(buckets.bucketOf(name).raise(token));
    }

    void shed(Request upTo, Request kept) {
        bucket(upTo).shed(upTo.grant, List.of(kept.grant), List.of());
    }

    void lose(Request request) {
        bucket(request).lose(request.session, "a test");
    }

    void end(Request request) {
        Bucket bucket = bucket(request);
        EndedSession session = bucket.end().orElseThrow();
        get(session.closed());
        get(bucket.clear(session, List.of(request.name)));
    }

    /** From now on it answers those who don't wait. */
    void uses(Request request) {
        used.add(request.grant);
    }

    /** As where an answer was lost. */
    void forget(Request request) {
        known.remove(request.grant);
    }

    // ---- what has happened to it; where events may have been missed, it repeats its request, as an engine does

    GrantReply.Granted pushed(Request request) {
        Await.until(request.name + " is granted", PATIENCE, () -> {
            if (eventsMissed && ask(request) instanceof GrantReply.Granted granted) {
                pushed.putIfAbsent(request.grant, granted);
            }
            return pushed.containsKey(request.grant);
        });
        return pushed.get(request.grant);
    }

    boolean revoked(Request request) {
        return revoked.contains(request.grant)
                || eventsMissed && ask(request) instanceof GrantReply.Granted granted && granted.contended();
    }

    boolean busy(Request request) {
        return busy.contains(request.grant) || eventsMissed && ask(request) instanceof GrantReply.Busy;
    }

    boolean ended(Session session) {
        return ended.contains(session);
    }

    Request last(String name) {
        return last.get(name);
    }

    @Override
    public void granted(Bucket bucket, String session, long grant, String name, GrantReply.Granted reply) {
        if (known.containsKey(grant)) {
            pushed.put(grant, reply);
        } else {
            bucket.releaseUnknown(session, grant, name);
        }
    }

    @Override
    public void revocationRequested(Bucket bucket, String session, long grant, String name, RemoteTry asker) {
        Request request = known.get(grant);
        if (request == null) {
            bucket.releaseUnknown(session, grant, name);
            return;
        }
        revoked.add(grant);
        if (asker != null && used.contains(grant)) {
            bucket.announceBusy(asker, name, request);
        }
    }

    @Override
    public void busy(String session, long grant, String name) {
        busy.add(grant);
    }

    @Override
    public void sessionEnded(Session session, String why) {
        ended.add(session);
    }

    @Override
    public void recheck(Bucket bucket) {
        eventsMissed = true;
    }

    @Override
    public void recheckAll() {
        eventsMissed = true;
    }

    @Override
    public void mend() {}

    @Override
    public List<? extends HeldGrant> holdsOf(Session session) {
        return List.of();
    }

    @Override
    public boolean stillHolds(HeldGrant grant) {
        return false;
    }

    @Override
    public boolean closing() {
        return closing;
    }

    private Bucket bucket(Request request) {
        return buckets.bucketOf(request.name);
    }

    private static <T> T answer(Consumer<BiConsumer<T, FloodlockFailure>> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        call.accept((value, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                answer.complete(value);
            }
        });
        return get(answer);
    }

    private static <T> T get(CompletableFuture<T> answer) {
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        closing = true;
        store.stopConnecting();
        for (Bucket bucket : store.connected()) {
            bucket.end().ifPresent(session -> get(session.closed()));
        }
        store.close();
        timer.close();
        threads.shutdown();
    }
}
