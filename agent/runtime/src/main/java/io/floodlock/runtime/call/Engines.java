package io.floodlock.runtime.call;

import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.tx.TxEngine;

/** The engines. Those that need Redis are made when first asked for: a program that never locks pays for nothing. */
interface Engines {

    LockEngine locks();

    TxEngine transactions();

    QueueEngine queues();

    /** The lock engine if it was ever asked for in this JVM, else null. */
    LockEngine locksIfStarted();
}
