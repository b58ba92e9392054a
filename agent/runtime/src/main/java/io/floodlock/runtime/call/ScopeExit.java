package io.floodlock.runtime.call;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandles;

/** Ends what {@link WovenCall#enter} began. Thread-safe. */
final class ScopeExit {

    private final CallerExceptions exceptions;

    ScopeExit(MethodHandles.Lookup caller) {
        this.exceptions = CallerExceptions.of(caller.lookupClass());
    }

    void exit(Object permit, Throwable thrown) {
        Throwable failure = ((Permit) permit).end(thrown);
        if (failure == null) {
            return;
        }
        if (failure instanceof FloodlockFailure ours) {
            failure = exceptions.translate(ours);
        }
        if (thrown == null) {
            throw ScopeExit.<RuntimeException>unchecked(failure);
        }
        if (thrown != failure) {
            thrown.addSuppressed(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
