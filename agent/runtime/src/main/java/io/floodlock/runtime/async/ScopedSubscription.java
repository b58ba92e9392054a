package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * One subscription to what a woven method has returned: it takes the locks, runs the body, and passes its signals on.
 */
final class ScopedSubscription implements Flow.Subscription, Flow.Subscriber<Object>, AsyncScopeGuard.Client {

    /*
     *   subscribe   downstream.onSubscribe(this); the locks are asked for. What downstream requests meanwhile is added
     *               up.
     *   opened      the body runs in the scope, and what it returns is subscribed to, in the scope.
     *   onSubscribe upstream is known: it gets what was requested so far, or is cancelled if downstream has gone.
     *   onComplete, onError   the scope ends, then downstream hears of it. Where at most one value can come, the value
     *               too waits for the scope's end: who has it may rely on the keys being free, or on hearing that they
     *               were lost.
     *   cancel      not opened yet: nothing is held and the body never runs. Later: upstream is cancelled, then the
     *               scope ends. While the body runs there is no upstream yet: the scope ends as the body does.
     *   expired     upstream is cancelled, downstream gets the failure.
     *
     * Signals must reach downstream one after the other. Those of upstream do, but expired() comes on a thread of its
     * own: `passing` counts who is in a downstream call, and the terminal signal is sent by the last to leave (the
     * half-serializer of RxJava, which knows one concurrent terminal signal too). Upstream may call onNext within
     * onNext, if downstream requests there.
     */

    /** Stands for upstream once nothing more is wanted of it. */
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

    /** Nobody once it has cancelled, so that it hears nothing more and can be forgotten. */
    private volatile Flow.Subscriber<Object> downstream;

    /** The value of a single, kept until the scope has ended. Upstream's signals are serial. */
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

    /** The context that upstream is to see, null where downstream has none. */
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

    // ---- downstream asks

    @Override
    public void request(long n) {
        if (n <= 0) {
            withdraw();
            finish(new End(
                    null, new IllegalArgumentException("request(" + n + "): more than 0 must be asked for (3.9)")));
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
            // perhaps before there was a scope
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

    /** Whether there was an upstream, which is cancelled now. */
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

    // ---- upstream tells

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
            tellEnd();
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
            tellEnd();
        }
    }

    private void tellEnd() {
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
