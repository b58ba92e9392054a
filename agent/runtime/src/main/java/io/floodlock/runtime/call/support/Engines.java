package io.floodlock.runtime.call.support;

import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.tx.TxEngine;

/** The engines. Those that need Redis are made when first asked for: a program that never locks pays for nothing. */
public interface Engines {

    LockEngine locks();

    TxEngine transactions();

    /** Settles what dead JVMs left behind, from now on, in every database whose DataSource is seen; starts threads only. */
    void recoverTransactions();

    QueueEngine queues();

    /** The transactions if they were ever asked for in this JVM, else null. */
    TxEngine transactionsIfStarted();

    /** Connects to Redis in the background, once: a method that needs it has been woven. Never blocks. */
    void connectSoon();

    /** The lock engine if it was ever asked for in this JVM, else null. */
    LockEngine locksIfStarted();
}
