package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.queue.inbox.Inbox;
import io.floodlock.runtime.queue.lane.CrashIsolation;
import io.floodlock.runtime.queue.lane.Lane;
import io.floodlock.runtime.queue.lane.LaneCall;
import io.floodlock.runtime.queue.lane.LaneHost;
import io.floodlock.runtime.queue.lane.WindowMemory;
import io.floodlock.runtime.queue.method.QueueRegistry;
import io.floodlock.runtime.queue.method.TargetResolver;
import io.floodlock.runtime.queue.payload.PayloadErrors;
import io.floodlock.runtime.queue.record.Attempts;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.queue.result.ResultSender;
import io.floodlock.runtime.queue.store.CallStore;
import io.floodlock.runtime.queue.store.LaneFeed;
import io.floodlock.runtime.queue.store.LaneLayout;
import io.floodlock.runtime.queue.store.LaneLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the stored calls of one queue in this JVM. It holds the {@link Lane}s that this JVM owns, and its
 * {@link CallDispatcher} gives their calls to workers. At most {@code workers} bodies of the queue run at once.
 *
 * <p>One lock guards all lanes of the queue; nothing waits while it is held. {@link StoredQueueEngine} creates it,
 * {@link ConsumerMembership} decides about its lanes. Thread-safe. Read {@link Lane} next.
 */
public final class QueueConsumer implements LaneHost, LaneFeed.Consumer {

    /**
     * Objects that the consumers of all queues share.
     *
     * @param workers runs bodies; refuses a task if no thread can be made
     * @param handOff the same threads, for steps that must not be lost; refuses no task
     */
    public record Shared(
            UUID session,
            LockEngine locks,
            Events events,
            TargetResolver instances,
            CrashIsolation isolation,
            WindowMemory memory,
            ResultReceiver inbox,
            ResultSender outbox,
            ScheduledExecutorService timer,
            Executor workers,
            Executor handOff,
            Runnable wakeReader) {}

    private static final Logger log = LoggerFactory.getLogger(QueueConsumer.class);
    private static final long UNHANDLED_RETRY_MS = 5_000;
    private static final long FLUSH_MS = 20;

    private final QueueRegistry queue;
    private final CallStore store;
    private final LazyInbox inbox;
    private final Shared shared;
    private final CallDispatcher dispatcher;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Map<Integer, Lane> lanes = new HashMap<>();

    /**
     * Lanes that have ended while their bodies still run. This JVM owns none of these lanes again before these bodies
     * end.
     */
    private final Set<Lane> trailing = new HashSet<>();

    private final List<Runnable> flushes = new ArrayList<>();

    private final UnableMethods unable;

    private volatile Set<String> pausedKeys = Set.of();

    public QueueConsumer(QueueRegistry queue, CallStore store, Supplier<Inbox> inbox, Shared shared) {
        this.queue = queue;
        this.store = store;
        this.inbox = new LazyInbox(inbox);
        this.shared = shared;
        this.unable = new UnableMethods(queue.name());
        this.dispatcher =
                new CallDispatcher(queue, shared, this, new CallRun(queue, this, this.inbox, shared), lanes.values());
    }

    // ---- lanes ----

    public Set<Integer> owned() {
        lock.lock();
        try {
            return new TreeSet<>(lanes.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Whether bodies of an earlier ownership of the lane still run in this JVM. */
    private boolean isTrailing(int index) {
        return trailing.stream().anyMatch(lane -> lane.number() == index);
    }

    /**
     * Tries once to acquire the lane's lock, and then takes the lane over. Waits for Redis.
     *
     * @param wanted called when another JVM requests the lane
     */
    void tryOwn(LaneLayout layout, int index, Consumer<Integer> wanted) {
        lock.lock();
        try {
            if (dispatcher.isStopped() || lanes.containsKey(index) || isTrailing(index)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        Listener listener = new Listener(index, wanted);
        Optional<Ownership> got = shared.locks().tryOwn("floodlock-lane:" + queue.name() + ":" + index, listener);
        if (got.isEmpty()) {
            return;
        }
        LaneLog log = store.lane(layout, index);
        Lane lane = new Lane(index, layout.streamOf(index), got.get(), this, log);
        lock.lock();
        try {
            if (dispatcher.isStopped()) {
                got.get().release();
                return;
            }
            lanes.put(index, lane);
            shared.memory().added();
            listener.lane = lane;
            if (listener.lost) {
                lane.lost("the lease of its lock ended");
                return;
            }
        } finally {
            lock.unlock();
        }
        log.takeOver(got.get().epoch(), shared.session())
                .whenComplete((found, failure) -> locked(() -> {
                    if (failure != null) {
                        lane.lost("the takeover failed: " + PayloadErrors.reason(unwrap(failure)));
                    } else {
                        lane.load(found, shared.session());
                        shared.wakeReader().run();
                        runnable();
                    }
                }));
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private final class Listener implements Ownership.Listener {

        private final int index;
        private final Consumer<Integer> wanted;
        private Lane lane;
        private boolean lost;

        Listener(int index, Consumer<Integer> wanted) {
            this.index = index;
            this.wanted = wanted;
        }

        @Override
        public void lost() {
            locked(() -> {
                lost = true;
                if (lane != null) {
                    lane.lost("the lease of its lock ended");
                }
            });
        }

        @Override
        public void wanted() {
            wanted.accept(index);
        }
    }

    void handOver(int index) {
        locked(() -> {
            Lane lane = lanes.get(index);
            if (lane != null) {
                lane.handOver();
            }
        });
    }

    /** Ends the hand-over of all lanes that no other JVM is to own any more. */
    void keepAllBut(Set<Integer> offered) {
        locked(() -> lanes.forEach((index, lane) -> {
            if (!offered.contains(index)) {
                lane.keep();
            }
        }));
    }

    public boolean isHandingOver() {
        lock.lock();
        try {
            return lanes.values().stream().anyMatch(Lane::isHandingOver);
        } finally {
            lock.unlock();
        }
    }

    /** The lanes of this JVM, those first that are likely to be handed over soonest. */
    List<Integer> leastBusyFirst() {
        lock.lock();
        try {
            return lanes.values().stream()
                    .sorted(Comparator.comparingLong(Lane::oldestBody)
                            .reversed()
                            .thenComparingInt(Lane::busy))
                    .map(lane -> lane.number())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The methods whose calls this JVM runs; not those that it knows but could not run, for want of an instance. */
    Set<String> ableMethods() {
        return unable.removedFrom(queue.methodNames());
    }

    /** For each lane with parked lines that wait for methods, the names of these methods. */
    public Map<Integer, Set<String>> missing() {
        lock.lock();
        try {
            Map<Integer, Set<String>> out = new HashMap<>();
            lanes.forEach((index, lane) -> {
                Set<String> names = lane.missing();
                if (!names.isEmpty()) {
                    out.put(index, names);
                }
            });
            return out;
        } finally {
            lock.unlock();
        }
    }

    /** Tries waiting calls again, because a method, an instance or a container has been added. */
    public void wakeUnhandled() {
        locked(() -> {
            unable.clear();
            new ArrayList<>(lanes.values()).forEach(Lane::wakeUnhandled);
            runnable();
        });
    }

    // ---- reading ----

    @Override
    public void collect(BiConsumer<Integer, LaneFeed.Reading> wanting) {
        lock.lock();
        try {
            for (Lane lane : lanes.values()) {
                if (lane.wantsEntries()) {
                    wanting.accept(lane.stream(), new LaneFeed.Reading(lane, lane.cursor()));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void deliver(LaneFeed.Delivery delivery) {
        lock.lock();
        try {
            for (LaneFeed.Reader reader : delivery.lanes()) {
                ((Lane) reader)
                        .entries(delivery.entries(), reader == delivery.lanes().get(0));
            }
            if (delivery.isHead()) {
                for (Lane lane : List.copyOf(lanes.values())) {
                    if (lane.stream() == delivery.stream() && !delivery.lanes().contains(lane)) {
                        lane.missed(delivery.entries());
                    }
                }
            }
            dispatcher.start();
        } finally {
            lock.unlock();
        }
    }

    /** Gives up the lanes that the queue no longer has, or that are in another stream now. */
    void adopt(LaneLayout layout) {
        locked(() -> {
            List.copyOf(lanes.values()).stream()
                    .filter(lane -> lane.number() >= layout.lanes() || lane.stream() != layout.streamOf(lane.number()))
                    .forEach(lane -> lane.lost("the queue is laid out anew, with " + layout.lanes() + " lanes"));
        });
    }

    /** Stores what this JVM has read, so that streams are trimmed although lanes have no calls in them. */
    void storePositions() {
        locked(() -> List.copyOf(lanes.values()).forEach(Lane::storePosition));
    }

    /** Deletes old records of calls that have run. Asks the database. */
    public void cleanInbox() {
        List<Lane> owned;
        lock.lock();
        try {
            owned = lanes.values().stream().filter(Lane::isOwner).toList();
        } finally {
            lock.unlock();
        }
        inbox.clean(owned);
    }

    @Override
    public void giveUp(LaneFeed.Reader lane, String why) {
        locked(() -> ((Lane) lane).lost(why));
    }

    @Override
    public void check(LaneFeed.Reader lane) {
        locked(((Lane) lane)::check);
    }

    // ---- running ----

    /** A body has ended that continued after its worker returned. */
    void asyncEnded() {
        locked(dispatcher::asyncEnded);
    }

    /**
     * This JVM has no such method, or no instance to run it on; the call is tried again every 5 s.
     *
     * @param why null if the log says it already
     */
    void unhandled(LaneCall call, String why) {
        locked(() -> {
            unable.add(call.content().name(), why);
            int parking = call.unhandled();
            wakeLater(call, parking, UNHANDLED_RETRY_MS);
        });
    }

    /** A call of the method can run, which could not before. */
    void able(String name) {
        unable.remove(name);
    }

    void failed(LaneCall call, Attempts attempts, long pauseMillis) {
        wakeLater(call, call.failed(attempts), pauseMillis);
    }

    /** The call is not due yet. */
    void delayed(LaneCall call, long millis) {
        wakeLater(call, call.delayed(), millis);
    }

    private void wakeLater(LaneCall call, int parking, long millis) {
        if (parking >= 0) {
            later(millis, () -> {
                if (call.wake(parking)) {
                    runnable();
                }
            });
        }
    }

    /**
     * Starts no more calls, or goes on.
     *
     * @param keys whose calls are not to start
     */
    void pause(boolean value, Set<String> keys) {
        Set<String> before = pausedKeys;
        pausedKeys = Set.copyOf(keys);
        tellOthers(
                keys, before, "Key '{}' of queue {} is paused: this JVM starts none of its calls until it is resumed");
        tellOthers(before, keys, "Key '{}' of queue {} is resumed");
        locked(() -> {
            if (dispatcher.pause(value)) {
                log.info(
                        value
                                ? "Queue {} is paused: this JVM starts none of its calls until it is resumed"
                                : "Queue {} is resumed",
                        queue.name());
            }
        });
    }

    private void tellOthers(Set<String> of, Set<String> but, String message) {
        of.stream().filter(key -> !but.contains(key)).forEach(key -> log.info(message, key, queue.name()));
    }

    /** Whether no call of the key is to start. */
    boolean isPaused(String key) {
        return key != null && pausedKeys.contains(key);
    }

    /** The number of bodies that run in this JVM now. */
    public int running() {
        lock.lock();
        try {
            return dispatcher.active();
        } finally {
            lock.unlock();
        }
    }

    public boolean isStopped() {
        lock.lock();
        try {
            return dispatcher.isStopped();
        } finally {
            lock.unlock();
        }
    }

    // ---- LaneHost ----

    @Override
    public String queue() {
        return queue.name();
    }

    @Override
    public CrashIsolation isolation() {
        return shared.isolation();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public void later(long millis, Runnable action) {
        shared.timer().schedule(() -> locked(action), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void flushSoon(Runnable flush) {
        flushes.add(flush);
        if (flushes.size() == 1) {
            later(FLUSH_MS, () -> {
                List<Runnable> all = List.copyOf(flushes);
                flushes.clear();
                // one that fails must not keep the others from being run
                all.forEach(one -> locked(one));
            });
        }
    }

    @Override
    public void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("An action for queue {} failed", queue.name(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void handOff(Runnable action) {
        shared.handOff().execute(action);
    }

    @Override
    public long windowShare() {
        return shared.memory().share();
    }

    @Override
    public void runnable() {
        dispatcher.start();
    }

    @Override
    public void readable() {
        shared.wakeReader().run();
    }

    @Override
    public void ended(int index) {
        Lane lane = lanes.remove(index);
        shared.memory().removed();
        if (lane.busy() > 0) {
            trailing.add(lane);
        }
        idle.signalAll();
    }

    @Override
    public void dead(String name, String cause) {
        shared.events().callDead(queue.name(), name, cause);
    }

    /** A run is over, and its result is stored or given up. */
    void stopped(Lane lane) {
        locked(() -> {
            lane.stopped();
            if (lane.busy() == 0) {
                trailing.remove(lane);
            }
            idle.signalAll();
        });
    }

    // ---- the end ----

    /**
     * Starts no more calls, waits for running bodies, stores progress and releases all lanes. At the time limit it
     * releases the remaining lanes without waiting.
     */
    public void stop(long patienceMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        lock.lock();
        try {
            dispatcher.stop();
            new ArrayList<>(lanes.values()).forEach(Lane::leaveForGood);
            while (!lanes.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || idle.awaitNanos(left) <= 0) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            abandonAll();
            lock.unlock();
        }
    }

    private void abandonAll() {
        for (Lane lane : new ArrayList<>(lanes.values())) {
            log.warn("Queue {} releases lane {}; {} of its calls still run", queue.name(), lane.number(), lane.busy());
            lane.abandon();
        }
    }
}
