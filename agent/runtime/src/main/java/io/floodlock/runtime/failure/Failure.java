package io.floodlock.runtime.failure;

/**
 * The kinds of failure that a caller can receive. Each kind stands for a public exception class, which this module
 * knows only by name. The caller can catch only the class that its own class loader finds, so the last frame before
 * the caller looks the class up there.
 *
 * <p>Every part of the runtime throws {@code Failure.X.because(..)}. Immutable.
 */
public enum Failure {
    LOCK_TIMEOUT("LockTimeoutException"),
    LOCK_LOST("LockLostException"),
    STALE_LOCK("StaleLockException"),
    STALE_SNAPSHOT("StaleSnapshotException"),
    LOCK_UPGRADE("LockUpgradeException"),
    LOCK_INTERRUPTED("LockInterruptedException"),
    INVALID_KEY("InvalidKeyException"),
    UNAVAILABLE("FloodlockUnavailableException"),
    QUEUE_FULL("QueueFullException"),
    ENQUEUE_UNKNOWN("EnqueueUnknownException"),
    PAYLOAD("PayloadException"),
    DEAD_LETTER("DeadLetterException"),
    REMOTE_BODY("RemoteBodyException"),
    TRANSACTION_OUTCOME_UNKNOWN("TransactionOutcomeUnknownException"),
    TRANSACTION_ROLLED_BACK("TransactionRolledBackException"),
    ILLEGAL_TRANSACTION("IllegalTransactionException");

    private final String className;

    Failure(String simpleName) {
        this.className = "io.floodlock." + simpleName;
    }

    /** The public exception class, which has one constructor, {@code (String message, Throwable cause)}. */
    public String className() {
        return className;
    }

    /** A failure of this kind, for the caller to throw. */
    public FloodlockFailure because(String message) {
        return new FloodlockFailure(this, message, null);
    }

    /**
     * A failure of this kind, for the caller to throw.
     *
     * @param cause of the failure; null if there is none
     */
    public FloodlockFailure because(String message, Throwable cause) {
        return new FloodlockFailure(this, message, cause);
    }
}
