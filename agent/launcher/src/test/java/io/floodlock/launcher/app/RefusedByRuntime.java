package io.floodlock.launcher.app;

import io.floodlock.PessimisticLock;

/** The recording runtime refuses methods of this name. */
public class RefusedByRuntime {

    @PessimisticLock(key = "a")
    public void uncheckable() {}
}
