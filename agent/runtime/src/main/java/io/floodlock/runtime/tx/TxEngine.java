package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.sql.Connection;
import java.util.function.Function;

/** Transactions over several databases. Thread-safe. Every failure is a FloodlockFailure. */
public interface TxEngine extends AutoCloseable {

    /**
     * Begins, joins or sets aside, as the attributes say. Touches no database: branches join at their first statement.
     */
    TxScope enter(TxAttributes attributes);

    /** The global id of this thread's transaction, or null. */
    String currentId();

    /** This thread's transaction can only be rolled back from now on; nothing where there is none. */
    void doom(String why);

    /**
     * What a DataSource hands out instead of {@code connection}: passive outside a transaction, a branch inside.
     *
     * @param source the DataSource itself; anything else is answered with {@code connection} unchanged
     * @param site the class whose {@code getConnection()} it is, the source's own or one above
     * @param toCaller makes what the connection throws at the application: a failure as the application's exception
     *     class
     */
    Connection wrap(
            Object source, Class<?> site, Connection connection, Function<FloodlockFailure, RuntimeException> toCaller);

    /**
     * What a DataSource hands out without running: this thread's transaction already has a connection of it, in the
     * state in which it would hand out another. Only pools and drivers are answered for: what routes or wraps runs each
     * time. Asked before {@code getConnection()} runs, never where a user is named; without it one call would hold two
     * connections of one pool, and a pool as large as its callers are many would block them all.
     *
     * @return null if the DataSource must run
     */
    Connection reuse(Object source, Class<?> site, Function<FloodlockFailure, RuntimeException> toCaller);

    /** Stops recovery. */
    @Override
    void close();
}
