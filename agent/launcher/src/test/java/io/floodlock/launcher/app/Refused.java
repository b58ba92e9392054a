package io.floodlock.launcher.app;

import io.floodlock.PessimisticLock;
import java.util.concurrent.CompletableFuture;

/** Can't be protected: the lock would be free before the work is done. */
public class Refused {

    @PessimisticLock(key = "a")
    public CompletableFuture<String> asynchronous() {
        return null;
    }
}
