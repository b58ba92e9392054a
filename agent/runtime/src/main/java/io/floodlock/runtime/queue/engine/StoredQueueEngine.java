package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.config.QueueMode;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.queue.consume.ConsumerMembership;
import io.floodlock.runtime.queue.consume.PatientExecutor;
import io.floodlock.runtime.queue.consume.QueueConsumer;
import io.floodlock.runtime.queue.inbox.Inbox;
import io.floodlock.runtime.queue.lane.CrashIsolation;
import io.floodlock.runtime.queue.lane.WindowMemory;
import io.floodlock.runtime.queue.method.QueueRegistry;
import io.floodlock.runtime.queue.method.TargetMissingException;
import io.floodlock.runtime.queue.method.TargetResolver;
import io.floodlock.runtime.queue.method.WaitingMethods;
import io.floodlock.runtime.queue.outbox.Outbox;
import io.floodlock.runtime.queue.produce.Producer;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.redis.RedisCallStore;
import io.floodlock.runtime.queue.redis.RedisLaneFeed;
import io.floodlock.runtime.queue.redis.RedisResultChannel;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.result.ResultSender;
import io.floodlock.runtime.queue.store.Appender;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.OutgoingEntry;
import io.floodlock.runtime.queue.store.ResultChannel;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.runtime.tx.TxEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue engine with durable calls in Redis streams. It creates a {@link Producer} for each queue that stores
 * calls and, in mode {@code consume}, a {@link QueueConsumer} for each queue whose bodies can run in this JVM. Each
 * instance is one producer session, with an id that is never used again.
 *
 * <p>It connects at the first stored call or when consumption begins, on threads of the agent. Thread-safe. Read
 * {@link Producer} and {@link QueueConsumer} next.
 */
public final class StoredQueueEngine implements QueueEngine {

    private static final Logger log = LoggerFactory.getLogger(StoredQueueEngine.class);

    /** One queue that this JVM consumes. */
    private record Consumed(
            QueueConsumer consumer,
            ConsumerMembership membership,
            ScheduledFuture<?> beats,
            ScheduledFuture<?> cleaning) {}

    private static final long CLEAN_SECONDS = 60;
    private static final long IDLE_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MOST_LANES = 1_024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The time for calls that are stored in the background, where the bodies have used up that of the drain. */
    private static final long LEAST_FLUSH_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A look at the outbox opens a connection to each database. */
    private static final long LOOK_SECONDS = 5;

    private final Settings settings;
    private final Events events;
    private final Supplier<RedisGateway> redis;
    private final Supplier<LockEngine> locks;
    private final Supplier<TxEngine> transactions;
    private final LazyOutbox outboxOfTransactions;
    private final UUID session = UUID.randomUUID();
    private final AtomicLong sequences = new AtomicLong();
    private final ScheduledThreadPoolExecutor timer = QueueThreads.timer();
    private final ExecutorService controlThreads = QueueThreads.control();
    private final Executor control = new PatientExecutor(controlThreads, timer);
    private final ExecutorService workers;
    private final Executor handOff;
    private final TargetResolver instances = new TargetResolver();
    private final CrashIsolation isolation = new CrashIsolation(
            this::runnable, (millis, action) -> timer.schedule(action, millis, TimeUnit.MILLISECONDS));
    private final WindowMemory memory = WindowMemory.ofHeap();
    private final ResultReceiver inbox;
    private final ResultSender outbox;
    private final Map<String, CallStore> stores = new ConcurrentHashMap<>();
    private final Map<String, QueueRegistry> queues = new ConcurrentHashMap<>();
    private final Map<String, Consumed> consumed = new ConcurrentHashMap<>();
    private final AtomicBoolean considering = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean lookingForLeftCalls = new AtomicBoolean();
    private final AtomicBoolean lookingForConsumers = new AtomicBoolean();
    private final AbsentConsumers absent = new AbsentConsumers(StallLog.shared());
    private LaneFeed feed;
    private volatile boolean closed;

    /** Does not connect to Redis yet. */
    public StoredQueueEngine(
            Settings settings,
            Events events,
            Supplier<RedisGateway> redis,
            Supplier<LockEngine> locks,
            Supplier<TxEngine> transactions,
            Supplier<TxEngine> started) {
        this(settings, events, redis, locks, transactions, started, QueueThreads.workers());
    }

    /** @param workers runs bodies, and what must not run on threads of Redis; the engine shuts it down */
    StoredQueueEngine(
            Settings settings,
            Events events,
            Supplier<RedisGateway> redis,
            Supplier<LockEngine> locks,
            Supplier<TxEngine> transactions,
            Supplier<TxEngine> started,
            ExecutorService workers) {
        this.workers = workers;
        this.handOff = new PatientExecutor(workers, timer);
        this.settings = settings;
        this.events = events;
        this.redis = redis;
        this.locks = locks;
        this.transactions = transactions;
        ResultChannel results = new RedisResultChannel(redis, settings.namespace());
        this.inbox =
                new ResultReceiver(session, results, timer, settings.lease().multipliedBy(3));
        this.outbox = new ResultSender(results, timer);
        this.outboxOfTransactions = new LazyOutbox(
                started, () -> new Outbox(settings.namespace(), session, started, inbox, this::store, handOff, timer));
    }

    @Override
    public Site register(QueuedMethod method) {
        Site site = queues.computeIfAbsent(method.queue(), this::queue).register(method);
        instances.queued(method.method());
        consider();
        every(LOOK_SECONDS, lookingForLeftCalls, oneAtATime(handOff, outboxOfTransactions::look));
        if (settings.queueMode() != QueueMode.INLINE) {
            every(AbsentConsumers.TICK_SECONDS, lookingForConsumers, oneAtATime(control, this::lookForConsumers));
        }
        if (settings.queueMode() == QueueMode.CONSUME) {
            every(WaitingMethods.TICK_SECONDS, looking, () -> control.execute(this::lookForTargets));
        }
        return site;
    }

    /** Begins to look, unless that has begun. */
    private void every(long seconds, AtomicBoolean begun, Runnable look) {
        if (begun.compareAndSet(false, true)) {
            timer.scheduleWithFixedDelay(look, seconds, seconds, TimeUnit.SECONDS);
        }
    }

    /** Finds what nobody reports: that a method has no target for long, and beans of containers without an event. */
    private void lookForTargets() {
        boolean isNew = false;
        for (QueueRegistry queue : queues.values()) {
            try {
                isNew |= queue.lookForTargets(instances) && !consumed.containsKey(queue.name());
            } catch (RuntimeException e) {
                log.error("Queue {} can't be looked at: {}", queue.name(), e.getMessage(), e);
            }
        }
        if (isNew) {
            consider();
        }
    }

    private void lookForConsumers() {
        for (QueueRegistry queue : queues.values()) {
            if (consumed.containsKey(queue.name())) {
                absent.consumed(queue.name());
            } else if (queue.hasStoredCalls()) {
                try {
                    absent.look(queue.name(), store(queue.name()), () -> unfinished(queue.name()));
                } catch (FloodlockFailure e) {
                    // without Redis nobody consumes; those that need it say so
                }
            }
        }
    }

    private QueueRegistry queue(String name) {
        if (name.isEmpty() || name.length() > CallRecord.LONGEST_NAME) {
            throw Failure.PAYLOAD.because(
                    "'" + name + "' can't be a queue's name; use 1 to " + CallRecord.LONGEST_NAME + " characters");
        }
        return new QueueRegistry(
                name,
                settings.queueMode() == QueueMode.INLINE,
                () -> new Producer(name, store(name), session, sequences, inbox, timer),
                outboxOfTransactions::ifNeeded,
                workersOfQueue ->
                        new PatientExecutor(QueueThreads.continuations(name, workersOfQueue, workers), timer));
    }

    private CallStore store(String queue) {
        return stores.computeIfAbsent(
                queue, name -> new RedisCallStore(redis, settings.namespace(), name, settings.lanes()));
    }

    @Override
    public void constructed(Object instance) {
        if (instances.constructed(instance)) {
            consider();
        }
    }

    @Override
    public void containerReady(Object context) {
        instances.containerReady(context);
        consider();
    }

    @Override
    public void containerClosing(Object context) {
        instances.containerClosing(context);
        // the context closes its beans next: running bodies must end before, and no new ones may start
        for (QueueRegistry queue : queues.values()) {
            if (!isReady(queue)) {
                stop(queue.name());
            }
        }
    }

    @Override
    public boolean pause(String queue, String key, boolean value) {
        CallStore store = store(queue);
        store.await(store.prepare(), PATIENCE);
        return store.await(store.pause(key, value), PATIENCE);
    }

    @Override
    public int changeLanes(String queue, int lanes) {
        if (lanes < 1 || lanes > MOST_LANES) {
            throw new IllegalArgumentException("a queue has 1 to " + MOST_LANES + " lanes, not " + lanes);
        }
        CallStore store = store(queue);
        int before = store.await(store.prepare(), PATIENCE).lanes();
        int now = store.await(store.change(lanes), PATIENCE).lanes();
        if (now != lanes) {
            throw Failure.UNAVAILABLE.because(
                    "Another change of the lanes of queue " + queue + " had begun; it has " + now + " lanes now");
        }
        return before;
    }

    @Override
    public long awaitIdle(String queue, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        QueueRegistry registered = queues.get(queue);
        if (registered != null) {
            registered.flush(limit.toNanos());
        }
        long unfinished = unfinished(queue);
        while (unfinished > 0 && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(IDLE_LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                return unfinished;
            }
            unfinished = unfinished(queue);
        }
        return unfinished;
    }

    /** Calls that transactions of this JVM have committed count at least once until they are sent. */
    private long unfinished(String queue) {
        Outbox outbox = outboxOfTransactions.ifNeeded();
        long unfinished = outbox == null ? 0 : outbox.unsentBuckets(queue);
        CallStore store = store(queue);
        CallStore.Layouts layouts = store.await(store.layouts(), PATIENCE);
        return unfinished
                + unfinished(store, layouts.present())
                + (layouts.former() == null ? 0 : unfinished(store, layouts.former()));
    }

    private static long unfinished(CallStore store, LaneLayout layout) {
        long unfinished = 0;
        for (int stream : layout.streams()) {
            Appender.Answer answer =
                    store.await(store.appender().append(layout, stream, OutgoingEntry.NONE, List.of()), PATIENCE);
            unfinished += answer.outcome() == Appender.Outcome.STORED ? answer.unfinished() : 1;
        }
        return unfinished;
    }

    // ---- consumption ----

    /** Starts the consumption of queues that have become ready, on a thread of the agent. */
    private void consider() {
        if (closed || settings.queueMode() != QueueMode.CONSUME || !considering.compareAndSet(false, true)) {
            return;
        }
        control.execute(() -> {
            considering.set(false);
            for (QueueRegistry queue : queues.values()) {
                try {
                    Consumed running = consumed.get(queue.name());
                    if (running != null) {
                        running.consumer().wakeUnhandled();
                    } else if (isReady(queue)) {
                        start(queue);
                    }
                } catch (RuntimeException e) {
                    log.error("Queue {} can't be consumed: {}", queue.name(), e.getMessage(), e);
                }
            }
        });
    }

    private boolean isReady(QueueRegistry queue) {
        return queue.sites().stream().anyMatch(site -> {
            try {
                site.target(instances);
                return true;
            } catch (TargetMissingException e) {
                return false;
            }
        });
    }

    private synchronized void start(QueueRegistry queue) {
        if (closed || consumed.containsKey(queue.name())) {
            return;
        }
        if (feed == null) {
            feed = new RedisLaneFeed(redis.get(), settings.namespace(), session, () -> List.copyOf(consumers()));
            feed.start();
        }
        CallStore store = store(queue.name());
        QueueConsumer consumer = new QueueConsumer(
                queue,
                store,
                () -> new Inbox(
                        settings.namespace(),
                        queue.name(),
                        store,
                        transactions,
                        settings.queueHome().or(settings::txHome).orElse(null)),
                new QueueConsumer.Shared(
                        session,
                        locks.get(),
                        events,
                        instances,
                        isolation,
                        memory,
                        inbox,
                        outbox,
                        timer,
                        workers,
                        handOff,
                        feed::wake));
        ConsumerMembership membership = new ConsumerMembership(queue, store, consumer, session, settings.lease());
        long pause = Math.max(100, settings.lease().toMillis() / 10);
        ScheduledFuture<?> beats =
                timer.scheduleWithFixedDelay(oneAtATime(control, membership::beat), 0, pause, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> cleaning = timer.scheduleWithFixedDelay(
                oneAtATime(handOff, consumer::cleanInbox), CLEAN_SECONDS, CLEAN_SECONDS, TimeUnit.SECONDS);
        consumed.put(queue.name(), new Consumed(consumer, membership, beats, cleaning));
        log.info("This JVM consumes queue {}", queue.name());
    }

    /** Runs the action by that executor, unless it still runs. */
    private static Runnable oneAtATime(Executor executor, Runnable action) {
        AtomicBoolean running = new AtomicBoolean();
        return () -> {
            if (running.compareAndSet(false, true)) {
                executor.execute(() -> {
                    try {
                        action.run();
                    } finally {
                        running.set(false);
                    }
                });
            }
        };
    }

    /** The producer session of this JVM. */
    UUID session() {
        return session;
    }

    /** Receives the results of this JVM's calls. */
    ResultReceiver results() {
        return inbox;
    }

    Collection<QueueConsumer> consumers() {
        List<QueueConsumer> out = new ArrayList<>();
        consumed.values().forEach(one -> out.add(one.consumer()));
        return out;
    }

    private void runnable() {
        consumers().forEach(consumer -> consumer.locked(consumer::runnable));
    }

    private void stop(String queue) {
        Consumed one = consumed.remove(queue);
        if (one != null) {
            stop(one, settings.drain());
        }
    }

    private void stop(Consumed one, Duration patience) {
        one.beats().cancel(false);
        one.cleaning().cancel(false);
        one.consumer().stop(patience.toMillis());
        one.membership().leave();
    }

    /**
     * Waits for running bodies for up to {@code floodlock.queue.drain}, over all queues together. Until that is over
     * calls are stored as ever, since a running body may make some.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        long deadline = System.nanoTime() + settings.drain().toNanos();
        drain(deadline);
        long now = System.nanoTime();
        long flushedBy = now + Math.max(LEAST_FLUSH_NANOS, deadline - now);
        queues.values().forEach(queue -> queue.flush(flushedBy - System.nanoTime()));
        queues.values().forEach(QueueRegistry::close);
        if (feed != null) {
            feed.close();
        }
        inbox.close();
        timer.shutdownNow();
        controlThreads.shutdown();
        workers.shutdown();
    }

    private void drain(long deadline) {
        List<Thread> stopping = new ArrayList<>();
        for (Consumed one : consumed.values()) {
            Runnable stop = () -> stop(one, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            try {
                Thread thread = AgentThreads.daemon("floodlock-queue-drain", stop);
                thread.start();
                stopping.add(thread);
            } catch (OutOfMemoryError e) {
                // no thread can be made: this queue stops before the next one
                stop.run();
            }
        }
        try {
            for (Thread thread : stopping) {
                thread.join(settings.drain().toMillis() + 2_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
