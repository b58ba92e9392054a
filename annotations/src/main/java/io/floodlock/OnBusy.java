package io.floodlock;

/** What a call does whose keys are not all free within {@link PessimisticLock#waitTime()}. */
public enum OnBusy {

    /** Throws {@link LockTimeoutException}. */
    THROW,

    /**
     * Returns at once without running the body: nothing from a {@code void} method, {@code Optional.empty()} from one
     * that returns {@code java.util.Optional}. Any other result has no value that says so, and its class is refused
     * while it loads; so are {@link Queued} methods, whose calls are promised to run. It is no answer to a Redis that
     * can't be reached: {@link FloodlockUnavailableException} is thrown then as always.
     */
    SKIP
}
