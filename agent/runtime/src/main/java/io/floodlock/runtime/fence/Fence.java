package io.floodlock.runtime.fence;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.jdbc.FencePart;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockEngine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Entry point of fencing. It knows what the scopes around the current thread claim, and creates the {@link FencePart}
 * of each transaction that begins on a connection. The transaction engine creates one fence and calls it for its
 * branches and for connections outside {@code @DistributedTx}. {@link FencedTransaction} explains the guarantee.
 * Thread-safe.
 */
public final class Fence {

    private final Supplier<LockEngine> locks;
    private final Events events;
    private final FencedDatabases databases = new FencedDatabases();
    private final FenceRowNames names;

    /** @param locks supplies null until this JVM has acquired its first lock */
    public Fence(String namespace, Supplier<LockEngine> locks, Events events) {
        this.names = new FenceRowNames(namespace);
        this.locks = locks;
        this.events = events;
    }

    /** Whether this thread is in a fenced scope. Cheap. */
    public boolean standing() {
        return !claims().isEmpty();
    }

    /** The claims of the scopes around this thread. */
    List<FenceClaim> claims() {
        LockEngine engine = locks.get();
        return engine == null ? List.of() : engine.claims();
    }

    /**
     * Creates the fence's part in a transaction that begins on a connection.
     *
     * @param source the DataSource that handed out the connection
     * @throws io.floodlock.runtime.failure.FloodlockFailure if the database can't be fenced, with the remedy
     */
    public FencePart begin(DataSource source, Connection connection) throws SQLException {
        return new FencedTransaction(this, databases.of(source, connection), connection);
    }

    /** Forgets a database whose table was dropped: the next claim looks for the table again. */
    void tableGone(FencedDatabase database) {
        databases.forget(database);
    }

    /** The row that a claim wants to store. */
    FenceRow row(FenceClaim claim) {
        return new FenceRow(names.of(claim.name()), claim.token(), claim.owner());
    }

    Events events() {
        return events;
    }
}
