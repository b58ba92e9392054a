package io.floodlock.examples.chaos;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.local.LockTable;
import io.floodlock.runtime.lock.local.PendingGrant;
import io.floodlock.runtime.lock.local.Waiter;
import io.floodlock.runtime.lock.redis.BucketLayout;
import io.floodlock.runtime.lock.redis.LeaseRenewal;
import io.floodlock.runtime.lock.redis.PushListener;
import io.floodlock.runtime.lock.redis.RedisBucket;
import io.floodlock.runtime.lock.redis.RedisNode;
import io.floodlock.runtime.lock.store.Caller;
import io.floodlock.runtime.lock.store.GrantRequest;
import io.floodlock.runtime.lock.store.Services;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.redis.ChannelListener;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.time.Clock;
import io.floodlock.runtime.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One of many simulated JVMs: a separate node with its own sessions, locks, pushes and renewals, as
 * {@code LeaseLockEngine} has them. Only connections, threads and the timer are shared. Thread-safe.
 */
final class CrowdJvm {

    private final int number;
    private final Crowd crowd;
    private final Services services;
    private final RedisNode node;
    private final LockTable locks;
    private final BucketLayout layout;
    private volatile boolean dead;

    CrowdJvm(Crowd crowd, RedisGateway redis, int number) {
        this.crowd = crowd;
        this.number = number;
        this.services = new Services(
                RedisNode.escape(crowd.settings.namespace()),
                crowd.threads,
                crowd.bodies,
                Events.NONE,
                Clock.SYSTEM,
                new MortalTimer());
        this.node = RedisNode.create(crowd.settings, redis, services);
        this.locks = new LockTable(services);
        this.layout = new BucketLayout(node, locks, this::renew, false);
        layout.check()
                .thenCompose(same -> redis.subscribe(node.channel(), new MortalEars()))
                .join();
        renewLater(LeaseRenewal.spreadMillis(node.lease()));
    }

    /** The number of this JVM, from 0, in the order of joining. */
    int number() {
        return number;
    }

    /** The id of the session with which it waits or holds. Defined once the JVM has requested a key. */
    String session() {
        return layout.all().get(0).session().id();
    }

    /** Waits for a key without a time limit; {@code entered} receives the action that releases it. */
    void enter(String key, Consumer<Runnable> entered) {
        Visitor visitor = new Visitor(entered);
        locks.enter(key, layout, visitor);
        // a waiter that was admitted at once isn't woken
        visitor.wake();
    }

    /** Waits without a time limit by repeated requests. For the control. */
    void requestRepeatedly(String key) {
        requestAgain(new Control(services.grants().incrementAndGet(), key));
    }

    private void requestAgain(GrantRequest request) {
        layout.bucketOf(request.name())
                .acquire(
                        request,
                        (reply, failure) ->
                                services.timer().after(PendingGrant.repeatNanos(), () -> requestAgain(request)));
    }

    private record Control(long grant, String name) implements GrantRequest {

        @Override
        public LockMode mode() {
            return LockMode.EXCLUSIVE;
        }

        @Override
        public boolean waits() {
            return true;
        }

        @Override
        public Caller caller() {
            return Caller.here("the control");
        }

        @Override
        public boolean givenUp() {
            return false;
        }

        @Override
        public void sentUnder(Session session) {}
    }

    /** Renews the lease now; completes with Redis's answer. */
    CompletableFuture<?> renewed() {
        return layout.all().get(0).renew(crowd.leases);
    }

    private void renew() {
        if (!dead) {
            renewed();
        }
    }

    private void renewLater(long millis) {
        services.timer().after(TimeUnit.MILLISECONDS.toNanos(millis), () -> {
            renew();
            renewLater(LeaseRenewal.thirdMillis(node.lease()));
        });
    }

    /** Ends as by kill -9: it sends nothing more and ignores all messages. */
    void die() {
        dead = true;
    }

    boolean alive() {
        return !dead;
    }

    /** Ends as by SIGTERM; waits until Redis has acknowledged it, or fails. */
    void end() {
        locks.startClosing();
        for (RedisBucket bucket : layout.all()) {
            bucket.end().ifPresent(ended -> {
                List<String> names = locks.held().getOrDefault(ended.session(), List.of());
                CompletableFuture<?> cleared = bucket.clear(ended, names);
                locks.abandonAll();
                cleared.orTimeout(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            });
        }
        dead = true;
    }

    private final class Visitor extends Waiter {

        private final Consumer<Runnable> then;
        private boolean entered;

        Visitor(Consumer<Runnable> then) {
            super(LockMode.EXCLUSIVE, true, Caller.here("io.floodlock.examples.Crowd.visit"), null);
            this.then = then;
        }

        @Override
        public boolean competes() {
            return false;
        }

        @Override
        public void wake() {
            crowd.threads.execute(this::woken);
        }

        private synchronized void woken() {
            if (!entered && !dead && end() == End.ENTERED) {
                entered = true;
                then.accept(entry::leave);
            }
        }
    }

    /** Runs tasks on the crowd's timer until this JVM dies. */
    private final class MortalTimer implements Scheduler {

        @Override
        public Task after(long nanos, Runnable task) {
            return crowd.timer.after(nanos, () -> {
                if (!dead) {
                    task.run();
                }
            });
        }

        @Override
        public void close() {
            // the crowd's timer continues
        }
    }

    private final class MortalEars implements ChannelListener {

        private final PushListener pushes = new PushListener(layout, locks);

        @Override
        public void message(String text) {
            if (!dead) {
                pushes.message(text);
            }
        }

        @Override
        public void subscribed() {
            pushes.subscribed();
        }
    }
}
