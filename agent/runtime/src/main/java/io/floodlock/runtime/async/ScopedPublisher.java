package io.floodlock.runtime.async;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * What a woven method returns instead of its body's publisher. Nothing happens before a subscription; each takes the
 * locks and runs the body for itself.
 *
 * @param view the body's result, whatever its library, as a publisher
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
