package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;

/** What the facade answers. */
public final class Facade {

    private Facade() {}

    static boolean isActive() {
        return Floodlock.isActive();
    }

    static String requireAgent() {
        Floodlock.requireAgent();
        return "passed";
    }

    static String tokenOutside() {
        return String.valueOf(Floodlock.fencingToken());
    }

    static String transactionOutside() {
        return Floodlock.transactionId();
    }

    @PessimisticLock(key = "facade:{name}")
    static String token(String name) {
        return String.valueOf(Floodlock.fencingToken());
    }

    @PessimisticLock(key = "facade:{name}")
    static String tokenByKey(String name) {
        return String.valueOf(Floodlock.fencingToken("facade:" + name));
    }

    @PessimisticLock(key = "facade:{name}")
    static String tokenOfAnotherKey(String name) {
        return String.valueOf(Floodlock.fencingToken("facade:another"));
    }

    @PessimisticLock(key = {"facade:a", "facade:b"})
    static String tokenOfSeveral() {
        return String.valueOf(Floodlock.fencingToken());
    }

    @DistributedTx
    static String transaction() {
        return Floodlock.transactionId();
    }
}
