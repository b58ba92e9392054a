package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.sql.Connection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs woven methods in transactions over several databases. It opens and ends a transaction around a method, and makes
 * the connections that the method uses part of it. {@code Transactions} implements it; the call layer calls it. Every
 * failure is a FloodlockFailure. Thread-safe.
 */
public interface TxEngine extends AutoCloseable {

    /**
     * Begins a transaction, joins the open one or suspends it, as the attributes say. Uses no database: a branch joins
     * at its first statement.
     *
     * @return the scope, which the calling thread must end with {@link TxScope#exit}
     * @throws io.floodlock.runtime.failure.FloodlockFailure ILLEGAL_TRANSACTION if MANDATORY finds no transaction, if
     *     NEVER finds one, or if the timeout of a new one is not allowed
     */
    TxScope enter(TxAttributes attributes);

    /**
     * As {@link #enter(TxAttributes)}, with work of the agent's own in the transaction. The attributes must be such
     * that a transaction begins.
     *
     * @return null if the work lets no body run; the transaction has been rolled back
     */
    TxScope enter(TxAttributes attributes, HomeWork work);

    /**
     * The work that this thread's transaction does last: the distributed one, or else the innermost one that the
     * application has begun on a connection.
     *
     * @param make makes it, if the transaction has none yet
     * @return null without a transaction, or if it is one of a database that is not supported
     * @throws io.floodlock.runtime.failure.FloodlockFailure ILLEGAL_TRANSACTION if its database can't host the work,
     *     UNAVAILABLE if that can't be determined
     */
    CommitWork atCommit(Supplier<CommitWork> make);

    /**
     * The databases that this JVM has used and that hold a table of decisions, each once. Connects to those that it has
     * not been asked for before.
     */
    List<TxHome> homes();

    /**
     * Finds the database that is called so, among those that this JVM has used.
     *
     * @param called a pool's name or a JDBC URL; null for the only database
     * @param id the id of the database that is wanted if there are several and none is called; or null
     * @return null if this JVM has not used it yet
     * @throws io.floodlock.runtime.failure.FloodlockFailure ILLEGAL_TRANSACTION if none is called and there are
     *     several, or if it can't hold decisions
     */
    TxHome home(String called, String id);

    /** The global id of this thread's transaction, or null. */
    String currentId();

    /**
     * Dooms this thread's transaction: it can only be rolled back. Does nothing without a transaction.
     *
     * @param why the reason, for the message of the rollback
     */
    void doom(String why);

    /**
     * Wraps a connection that a DataSource is about to hand out. Outside a transaction the result only passes calls on;
     * inside it becomes a branch at its first statement.
     *
     * @param source the DataSource itself; for anything else {@code connection} is returned unchanged
     * @param site the class whose {@code getConnection()} it is: the source's own class or a superclass
     * @param toCaller makes the application's exception class of a failure that the connection throws
     */
    Connection wrap(
            Object source, Class<?> site, Connection connection, Function<FloodlockFailure, RuntimeException> toCaller);

    /**
     * Answers {@code getConnection()} without running it, where this thread's transaction already has a connection of
     * the source in the state in which the source would hand out another. Without this, one call would hold two
     * connections of one pool, and a pool with as many connections as it has concurrent callers would block them all.
     *
     * <p>Only pools and drivers are answered for; a source that routes or wraps runs each time. Call it before
     * {@code getConnection()} runs, and not where a user is named.
     *
     * @return null if the DataSource must run
     */
    Connection reuse(Object source, Class<?> site, Function<FloodlockFailure, RuntimeException> toCaller);

    /** Stops recovery. */
    @Override
    void close();
}
