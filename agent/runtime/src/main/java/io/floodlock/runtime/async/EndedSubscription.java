package io.floodlock.runtime.async;

import java.util.concurrent.Flow;

/**
 * Does nothing. {@link ScopedSubscription} puts it in place of its upstream subscription once it wants nothing more
 * from it, and in place of its subscriber after a cancellation.
 */
enum EndedSubscription implements Flow.Subscription, Flow.Subscriber<Object> {
    INSTANCE;

    @Override
    public void request(long n) {
        // the publisher has ended
    }

    @Override
    public void cancel() {
        // already done
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(Object value) {
        // the subscriber has ended
    }

    @Override
    public void onError(Throwable thrown) {
        // the subscriber has ended
    }

    @Override
    public void onComplete() {
        // the subscriber has ended
    }
}
