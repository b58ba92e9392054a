package io.floodlock.examples.bench;

import io.floodlock.examples.bench.queues.QueueKind;
import java.util.concurrent.Callable;

/** A queue that rows measure. It is opened and warmed up when a row first uses it. Not thread-safe. */
final class QueueContender {

    private final BenchContext context;
    private final String name;
    private final Callable<QueueKind> opening;
    private boolean present = true;
    private QueueKind kind;

    QueueContender(BenchContext context, String name, Callable<QueueKind> opening) {
        this.context = context;
        this.name = name;
        this.opening = opening;
    }

    /** Sets whether this machine has its server. Rows leave out a queue without one. */
    QueueContender present(boolean value) {
        present = value;
        return this;
    }

    boolean isPresent() {
        return present;
    }

    QueueKind kind() throws Exception {
        if (kind == null) {
            kind = opening.call();
            QueueWarmUp.run(context, name, kind);
        }
        return kind;
    }

    @Override
    public String toString() {
        return name;
    }
}
