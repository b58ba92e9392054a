package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * One subscription to the publisher that a woven method has returned: it acquires the locks, runs the body, and passes
 * its signals on. The scope ends before the subscriber gets the terminal signal. Thread-safe.
 */
final class ScopedSubscription implements Flow.Subscription, Flow.Subscriber<Object>, AsyncScopeGuard.Client {

    /*
     *   subscribe   downstream.onSubscribe(this); the locks are requested. Requests of downstream are added up.
     *   opened      the body runs in the scope, and its result is subscribed to in the scope.
     *   onSubscribe upstream is known: it gets the requests so far, or is cancelled if downstream has cancelled.
     *   onComplete, onError   the scope ends, then downstream gets the signal. Where there is at most one value, the
     *               value too waits for the scope's end: its receiver may rely on the keys being free, or on an error
     *               if they were lost.
     *   cancel      not opened yet: nothing is held and the body never runs. Later: upstream is cancelled, then the
     *               scope ends. While the body runs there is no upstream yet: the scope ends as the body does.
     *   expired     upstream is cancelled, downstream gets the failure.
     *
     * Signals must reach downstream one after the other. Those of upstream do, but expired() runs on a thread of its
     * own. So `passing` counts the threads in a call of downstream, and the last one to leave sends the terminal
     * signal. (This is the half-serializer of RxJava, which also allows one concurrent terminal signal.) Upstream may
     * call onNext within onNext, if downstream requests there.
     */

    /** The value of upstream once nothing more is wanted from it. */
    private static final Flow.Subscription GONE = EndedSubscription.INSTANCE;

    private record End(Object value, Throwable failure) {}

    private final AsyncBody body;
    private final Function<Object, Flow.Publisher<Object>> view;
    private final boolean single;
    private final AsyncScopeGuard guard;

    private final AtomicReference<Flow.Subscription> upstream = new AtomicReference<>();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicReference<End> end = new AtomicReference<>();
    private final AtomicInteger passing = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile LockScope scope;

    /** Replaced as it cancels, so that it gets no more signals and can be collected. */
    private volatile Flow.Subscriber<Object> downstream;

    /** The value of a single, kept until the scope has ended. Not volatile, as upstream's signals are serial. */
    private Object only;

    ScopedSubscription(
            AsyncBody body,
            Function<Object, Flow.Publisher<Object>> view,
            boolean single,
            Flow.Subscriber<Object> downstream) {
        this.body = body;
        this.view = view;
        this.single = single;
        this.downstream = downstream;
        this.guard = new AsyncScopeGuard(body, this);
    }

    void start() {
        Flow.Subscriber<Object> subscriber = downstream;
        subscriber.onSubscribe(this);
        LockScope around = subscriber instanceof ContextualSubscriber contextual ? contextual.scope() : null;
        if (around == null) {
            around = body.around();
        }
        if (around == null) {
            guard.begin();
            return;
        }
        try (LockScope.Entered entered = around.enter()) {
            guard.begin();
        }
    }

    /** The context for upstream; null where downstream has none. */
    Object context() {
        return downstream instanceof ContextualSubscriber contextual ? contextual.contextWith(scope) : null;
    }

    // ---- the scope

    @Override
    public void opened(LockScope opened) {
        scope = opened;
        try (LockScope.Entered entered = opened.enter()) {
            Object returned = body.run();
            if (returned == null) {
                throw new NullPointerException(body.site() + " returned null instead of a publisher");
            }
            view.apply(returned).subscribe(this);
        } catch (Throwable e) {
            onError(e);
        }
        if (upstream.get() == GONE) {
            guard.cancel();
        }
    }

    @Override
    public void refused(Throwable why) {
        finish(new End(null, why));
    }

    @Override
    public void expired() {
        Throwable lost = guard.end();
        if (lost != null) {
            leave();
            finish(new End(null, lost));
        }
    }

    // ---- calls of downstream

    @Override
    public void request(long n) {
        if (n <= 0) {
            withdraw();
            finish(new End(
                    null,
                    new IllegalArgumentException(
                            "request(" + n + "): the number must be positive (reactive-streams rule 3.9)")));
            return;
        }
        Flow.Subscription known = upstream.get();
        if (known == null) {
            requested.accumulateAndGet(n, ScopedSubscription::sum);
            known = upstream.get();
            n = known == null ? 0 : requested.getAndSet(0);
        }
        if (n > 0) {
            request(known, n);
        }
    }

    private void request(Flow.Subscription from, long n) {
        if (from == GONE) {
            // there may be no scope yet
            return;
        }
        try (LockScope.Entered entered = scope.enter()) {
            from.request(n);
        }
    }

    private static long sum(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }

    @Override
    public void cancel() {
        downstream = EndedSubscription.INSTANCE;
        withdraw();
    }

    private void withdraw() {
        if (!guard.callOff() && leave()) {
            guard.cancel();
        }
    }

    /**
     * Cancels upstream.
     *
     * @return whether there was an upstream to cancel
     */
    private boolean leave() {
        Flow.Subscription left = upstream.getAndSet(GONE);
        if (left == null || left == GONE) {
            return false;
        }
        try (LockScope.Entered entered = scope.enter()) {
            left.cancel();
        }
        return true;
    }

    // ---- signals of upstream

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (!upstream.compareAndSet(null, subscription)) {
            subscription.cancel();
            return;
        }
        long n = requested.getAndSet(0);
        if (n > 0) {
            request(subscription, n);
        }
    }

    @Override
    public void onNext(Object value) {
        if (single) {
            only = value;
            return;
        }
        passing.incrementAndGet();
        if (end.get() == null) {
            downstream.onNext(value);
        }
        if (passing.decrementAndGet() == 1 && end.get() != null) {
            reportEnd();
        }
    }

    @Override
    public void onError(Throwable thrown) {
        Throwable lost = guard.end();
        if (lost != null && lost != thrown) {
            thrown.addSuppressed(lost);
        }
        finish(new End(null, thrown));
    }

    @Override
    public void onComplete() {
        Throwable lost = guard.end();
        finish(new End(lost == null ? only : null, lost));
    }

    private void finish(End last) {
        if (!end.compareAndSet(null, last)) {
            return;
        }
        if (passing.getAndIncrement() == 0) {
            reportEnd();
        }
    }

    private void reportEnd() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        End last = end.get();
        if (last.failure != null) {
            downstream.onError(last.failure);
            return;
        }
        if (last.value != null) {
            downstream.onNext(last.value);
        }
        downstream.onComplete();
    }
}
