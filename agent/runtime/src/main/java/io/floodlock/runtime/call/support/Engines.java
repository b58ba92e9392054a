package io.floodlock.runtime.call.support;

import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.tx.TxEngine;

/**
 * The engines, as call sites see them. Those that need Redis are created on first use, so a program that never locks
 * pays for nothing. Thread-safe.
 */
public interface Engines {

    LockEngine locks();

    TxEngine transactions();

    /**
     * Starts recovery: from now on, transactions of dead JVMs are settled in every database whose DataSource is seen.
     * Only starts threads.
     */
    void recoverTransactions();

    QueueEngine queues();

    /** The transaction engine if it has been created in this JVM, else null. */
    TxEngine transactionsIfStarted();

    /** Connects to Redis once, in the background, because a method that needs Redis has been woven. Never blocks. */
    void connectSoon();

    /** The lock engine if it has been created in this JVM, else null. */
    LockEngine locksIfStarted();
}
