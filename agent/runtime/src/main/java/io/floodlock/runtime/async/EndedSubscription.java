package io.floodlock.runtime.async;

import java.util.concurrent.Flow;

/** A subscription and subscriber that do nothing, in place of those of a side that has ended. */
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
