package io.floodlock.launcher.app;

import io.floodlock.PessimisticLock;
import java.util.concurrent.Future;

/** Can't be protected: the lock would be free before the work is done. */
public class Refused {

    @PessimisticLock(key = "a")
    public Future<String> asynchronous() {
        return null;
    }
}
