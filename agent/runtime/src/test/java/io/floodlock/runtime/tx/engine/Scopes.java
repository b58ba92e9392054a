package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxPropagation;
import io.floodlock.runtime.tx.TxScope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs bodies as woven code does. */
public final class Scopes {

    private Scopes() {}

    static TxAttributes attributes(TxPropagation propagation, Duration timeout) {
        return new TxAttributes(propagation, timeout, List.of(), List.of(), "com.shop.Orders.place");
    }

    static TxAttributes required() {
        return attributes(TxPropagation.REQUIRED, Duration.ofSeconds(30));
    }

    public static void run(TxEngine engine, Body body) throws Exception {
        run(engine, required(), body);
    }

    static void run(TxEngine engine, TxAttributes attributes, Body body) throws Exception {
        call(engine, attributes, () -> {
            body.run();
            return null;
        });
    }

    static <T> T call(TxEngine engine, TxAttributes attributes, Callable<T> body) throws Exception {
        TxScope scope = engine.enter(attributes);
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            try {
                scope.exit(e);
            } catch (FloodlockFailure failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
        scope.exit(null);
        return result;
    }

    public interface Body {
        void run() throws Exception;
    }
}
