package io.floodlock.runtime.async;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * The publisher that a woven method returns instead of its body's publisher. Nothing happens before a subscription;
 * each subscription acquires the locks and runs the body by itself ({@link ScopedSubscription}). Thread-safe.
 *
 * @param view makes a publisher of the body's result, whatever its library
 * @param single whether there is at most one value
 */
record ScopedPublisher(AsyncBody body, Function<Object, Flow.Publisher<Object>> view, boolean single)
        implements Flow.Publisher<Object> {

    @Override
    public void subscribe(Flow.Subscriber<? super Object> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new ScopedSubscription(body, view, single, subscriber).start();
    }
}
