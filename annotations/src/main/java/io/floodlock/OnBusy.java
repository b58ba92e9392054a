package io.floodlock;

/** The behavior of a call whose keys are not all free within {@link PessimisticLock#waitTime()}. */
public enum OnBusy {

    /** Throws {@link LockTimeoutException}. */
    THROW,

    /**
     * Returns without running the body and without an exception: a {@code void} method returns normally, and a method
     * that returns {@code java.util.Optional} returns {@code Optional.empty()}. No value of another result type could
     * state that the body did not run, so the agent refuses such a method while its class loads. It also refuses
     * {@link Queued} methods, because their calls are guaranteed to run. {@code SKIP} does not apply if Redis can't
     * be reached: the call still throws {@link FloodlockUnavailableException}.
     */
    SKIP
}
