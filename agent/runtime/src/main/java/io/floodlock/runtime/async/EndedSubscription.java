package io.floodlock.runtime.async;

import java.util.concurrent.Flow;

/** Stands where nobody is left to be asked or told. */
enum EndedSubscription implements Flow.Subscription, Flow.Subscriber<Object> {
    INSTANCE;

    @Override
    public void request(long n) {
        // nobody is left to be asked
    }

    @Override
    public void cancel() {
        // done
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(Object value) {
        // nobody is left to be told
    }

    @Override
    public void onError(Throwable thrown) {
        // nobody is left to be told
    }

    @Override
    public void onComplete() {
        // nobody is left to be told
    }
}
