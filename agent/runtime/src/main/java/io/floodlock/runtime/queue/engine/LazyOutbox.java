package io.floodlock.runtime.queue.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.outbox.Outbox;
import io.floodlock.runtime.tx.TxEngine;
import java.util.function.Supplier;

/**
 * The outbox, made once this JVM has transactions: a Java runtime without the module java.sql, where no method has one,
 * can't load the classes of outboxes. Thread-safe.
 */
final class LazyOutbox {

    private final Supplier<TxEngine> started;
    private final Supplier<Outbox> make;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Outbox made;

    private volatile Outbox known;

    /** @param started returns null as long as this JVM has had no transaction */
    LazyOutbox(Supplier<TxEngine> started, Supplier<Outbox> make) {
        this.started = started;
        this.make = make;
    }

    /** Null as long as this JVM has had no transaction. */
    Outbox ifNeeded() {
        Outbox outbox = known;
        return outbox != null || started.get() == null ? outbox : make();
    }

    private Outbox make() {
        synchronized (lock) {
            if (made == null) {
                made = make.get();
                known = made;
            }
            return made;
        }
    }

    /** Sends calls that transactions have left, those of killed JVMs for example. Asks the databases. */
    void look() {
        Outbox outbox = ifNeeded();
        if (outbox != null) {
            outbox.look();
        }
    }
}
