package io.floodlock.runtime.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The scope of one subscription to what a method returned. */
class ScopedSubscriptionTest {

    private final Source source = new Source();
    private final ScriptedCall call = new ScriptedCall(() -> source);
    private final Sink sink = new Sink(call.events);

    @Test
    void nothingHappensBeforeASubscription() {
        publisher(call.free(), false);
        assertEquals(List.of(), call.events);
    }

    @Test
    void eachSubscriptionHasAScopeOfItsOwn() {
        ScriptedCall numbers = new ScriptedCall(() -> new Numbers(3)).free();
        Flow.Publisher<Object> publisher = publisher(numbers, false);
        publisher.subscribe(new Sink(numbers.events));
        assertEquals(List.of("asked", "body", "next 1", "next 2", "next 3", "closed", "completed"), numbers.events);
        assertEquals(1, numbers.closed.get());
    }

    @Test
    void aSingleValueIsSeenAfterTheScopeHasEnded() {
        publisher(call.free(), true).subscribe(sink);
        source.subscriber.onNext("value");
        assertEquals(List.of("asked", "body", "subscribed", "request " + Long.MAX_VALUE), call.events);
        source.subscriber.onComplete();
        assertEquals(List.of("closed", "next value", "completed"), call.events.subList(4, 7));
    }

    @Test
    void whatIsRequestedBeforeTheLocksAreHeldIsNotForgotten() {
        sink.first = 2;
        publisher(call, false).subscribe(sink);
        sink.upstream.request(3);
        call.grant();
        sink.upstream.request(1);
        assertEquals(List.of("asked", "body", "subscribed", "request 5", "request 1"), call.events);
    }

    @Test
    void aRefusalReachesTheSubscriber() {
        publisher(call, false).subscribe(sink);
        call.refuse();
        assertEquals(List.of("asked", "failed LOCK_TIMEOUT"), call.events);
    }

    @Test
    void aBodyThatThrowsReachesTheSubscriber() {
        ScriptedCall throwing = new ScriptedCall(() -> {
            throw new IllegalArgumentException("no");
        });
        publisher(throwing.free(), false).subscribe(new Sink(throwing.events));
        assertEquals(List.of("asked", "body", "closed", "failed no"), throwing.events);
    }

    @Test
    void anErrorEndsTheScopeAndThenReachesTheSubscriber() {
        publisher(call.free(), false).subscribe(sink);
        source.subscriber.onError(new IllegalStateException("broken"));
        assertEquals(List.of("closed", "failed broken"), call.events.subList(4, 6));
    }

    @Test
    void aLostScopeWithholdsTheValue() {
        publisher(call.free(), true).subscribe(sink);
        source.subscriber.onNext("value");
        call.lost = true;
        source.subscriber.onComplete();
        assertEquals(List.of("closed", "failed LOCK_LOST"), call.events.subList(4, 6));
    }

    @Test
    void cancelledWhileItWaitsItHoldsNothing() {
        publisher(call, false).subscribe(sink);
        sink.upstream.cancel();
        call.grant();
        assertEquals(List.of("asked", "withdrawn"), call.events);
    }

    @Test
    void askedForMoreAfterItsEndItDoesNothing() {
        publisher(call, false).subscribe(sink);
        sink.upstream.cancel();
        sink.upstream.cancel();
        sink.upstream.request(1);
        assertEquals(List.of("asked", "withdrawn"), call.events);

        ScriptedCall refused = new ScriptedCall(() -> source);
        Sink told = new Sink(refused.events);
        publisher(refused, false).subscribe(told);
        refused.refuse();
        told.upstream.cancel();
        told.upstream.request(1);
        assertEquals(List.of("asked", "failed LOCK_TIMEOUT"), refused.events);
    }

    @Test
    void cancelledByTheFirstCallItDoesNotEvenAsk() {
        sink.first = -1;
        publisher(call, false).subscribe(sink);
        assertEquals(List.of(), call.events);
    }

    @Test
    void cancelledLaterItCancelsUpstreamThenEnds() {
        publisher(call.free(), false).subscribe(sink);
        sink.upstream.cancel();
        sink.upstream.cancel();
        source.subscriber.onComplete();
        assertEquals(List.of("cancelled", "closed"), call.events.subList(4, call.events.size()));
    }

    @Test
    void cancelledWhileTheBodyRunsItEndsWithTheBody() {
        ScriptedCall running = new ScriptedCall(() -> {
            sink.upstream.cancel();
            return source;
        });
        source.events = running.events;
        publisher(running.free(), false).subscribe(sink);
        assertEquals(List.of("asked", "body", "subscribed", "cancelled", "closed"), running.events);
    }

    @Test
    void heldForTooLongItFailsOnce() {
        publisher(call.free(), false).subscribe(sink);
        call.lost = true;
        call.listener.expired();
        source.subscriber.onNext("late");
        source.subscriber.onComplete();
        assertEquals(List.of("closed", "cancelled", "failed LOCK_LOST"), call.events.subList(4, call.events.size()));
    }

    @Test
    void askingForNothingIsAnError() {
        publisher(call.free(), false).subscribe(sink);
        sink.upstream.request(0);
        assertInstanceOf(IllegalArgumentException.class, sink.failure);
        assertEquals(1, call.closed.get());
    }

    @Test
    void whateverRacesSignalsStaySerialAndTheScopeIsClosedOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CyclicBarrier barrier = new CyclicBarrier(3);
        int completed = 0;
        int failed = 0;
        int silent = 0;
        for (int round = 0; round < 10_000; round++) {
            Numbers numbers = new Numbers(1 + random.nextInt(50));
            ScriptedCall raced = new ScriptedCall(() -> numbers);
            Sink seen = new Sink(new ArrayList<>());
            publisher(raced, random.nextBoolean()).subscribe(seen);
            boolean expires = random.nextBoolean();
            Future<?> granter = threads.submit(() -> {
                barrier.await();
                raced.grant();
                return null;
            });
            int spins = random.nextInt(2_000);
            Future<?> disturber = threads.submit(() -> {
                barrier.await();
                for (int i = 0; i < spins; i++) {
                    Thread.onSpinWait();
                }
                if (expires) {
                    raced.lost = true;
                    raced.listener.expired();
                } else {
                    seen.upstream.cancel();
                }
                return null;
            });
            barrier.await();
            granter.get();
            disturber.get();
            String shown = "round " + round + " seed " + seed;
            assertEquals(raced.opened.get(), raced.closed.get(), shown);
            assertEquals(0, seen.overlaps.get(), shown);
            assertTrue(seen.ends <= 1 && !seen.afterEnd, shown);
            if (seen.ends == 0) {
                silent++;
            } else if (seen.failure == null) {
                completed++;
            } else {
                failed++;
            }
        }
        threads.shutdown();
        assertTrue(
                completed > 0 && failed > 0 && silent > 0,
                completed + " completed, " + failed + " failed, " + silent + " were cancelled: one side always won");
    }

    private static Flow.Publisher<Object> publisher(ScriptedCall call, boolean single) {
        return new ScopedPublisher(call, ScopedSubscriptionTest::asPublisher, single);
    }

    @SuppressWarnings("unchecked")
    private static Flow.Publisher<Object> asPublisher(Object returned) {
        return (Flow.Publisher<Object>) returned;
    }

    /** Sends what a test says. */
    private final class Source implements Flow.Publisher<Object>, Flow.Subscription {

        private List<String> events;
        private Flow.Subscriber<? super Object> subscriber;

        @Override
        public void subscribe(Flow.Subscriber<? super Object> subscribing) {
            events = events == null ? call.events : events;
            subscriber = subscribing;
            events.add("subscribed");
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            events.add("request " + n);
        }

        @Override
        public void cancel() {
            events.add("cancelled");
        }
    }

    /** One, two, three.. as many as are asked for, on the asking thread. */
    private record Numbers(int last) implements Flow.Publisher<Object> {

        @Override
        public void subscribe(Flow.Subscriber<? super Object> subscriber) {
            AtomicLong wanted = new AtomicLong();
            subscriber.onSubscribe(new Flow.Subscription() {
                private int sent;
                private volatile boolean cancelled;

                @Override
                public void request(long n) {
                    if (wanted.getAndAdd(n) != 0) {
                        return;
                    }
                    while (sent < last && !cancelled) {
                        sent++;
                        subscriber.onNext(sent);
                    }
                    if (!cancelled) {
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    cancelled = true;
                }
            });
        }
    }

    /** Writes down what it gets, and notices what it should never get. */
    private static final class Sink implements Flow.Subscriber<Object> {

        private final List<String> events;
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger overlaps = new AtomicInteger();

        /** What it requests as it is subscribed, -1 to cancel. */
        private long first = Long.MAX_VALUE;

        private volatile Flow.Subscription upstream;
        private volatile Throwable failure;
        private volatile int ends;
        private volatile boolean afterEnd;

        Sink(List<String> events) {
            this.events = events;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            upstream = subscription;
            if (first < 0) {
                subscription.cancel();
            } else {
                subscription.request(first);
            }
        }

        @Override
        public void onNext(Object value) {
            signal(() -> events.add("next " + value));
        }

        @Override
        public void onError(Throwable thrown) {
            signal(() -> {
                failure = thrown;
                ends++;
                events.add("failed " + thrown.getMessage());
            });
        }

        @Override
        public void onComplete() {
            signal(() -> {
                ends++;
                events.add("completed");
            });
        }

        private void signal(Runnable write) {
            afterEnd |= ends > 0;
            if (inside.getAndIncrement() != 0) {
                overlaps.incrementAndGet();
            }
            write.run();
            inside.decrementAndGet();
        }
    }
}
