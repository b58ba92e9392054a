package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;

/** A key whose path starts at no parameter. */
public final class MissingStart {

    private MissingStart() {}

    @PessimisticLock(key = "order:{ordr}")
    static void lock(String order) {
        Console.say("ran");
    }
}
