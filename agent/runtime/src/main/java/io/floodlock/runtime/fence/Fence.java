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

/** Where fenced scopes meet databases. Thread-safe. */
public final class Fence {

    private final Supplier<LockEngine> locks;
    private final Events events;
    private final FencedDatabases databases = new FencedDatabases();
    private final FenceRowNames names;

    /** @param locks answers null as long as this JVM has taken no lock */
    public Fence(String namespace, Supplier<LockEngine> locks, Events events) {
        this.names = new FenceRowNames(namespace);
        this.locks = locks;
        this.events = events;
    }

    /** Whether this thread is in a fenced scope. Cheap. */
    public boolean standing() {
        return !claims().isEmpty();
    }

    /** What the scopes around this thread claim. */
    List<FenceClaim> claims() {
        LockEngine engine = locks.get();
        return engine == null ? List.of() : engine.claims();
    }

    /**
     * The fence's part in a transaction that begins on a connection.
     *
     * @param source what handed the connection out
     */
    public FencePart begin(DataSource source, Connection connection) throws SQLException {
        return new FencedTransaction(this, databases.of(source, connection), connection);
    }

    /** The table of a database was dropped. */
    void tableGone(FencedDatabase database) {
        databases.forget(database);
    }

    /** What a claim wants to be stored. */
    FenceRow row(FenceClaim claim) {
        return new FenceRow(names.of(claim.name()), claim.token(), claim.owner());
    }

    Events events() {
        return events;
    }
}
