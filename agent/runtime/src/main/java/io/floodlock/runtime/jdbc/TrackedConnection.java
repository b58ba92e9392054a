package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.driver.DriverSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What an application holds in place of its connection, as its transaction sees it. Outside any scope every call goes
 * straight through. In a transaction it is enlisted by its first statement, and from then on:
 *
 * <ul>
 *   <li>statements run on the enlistment's physical connection, this one's own or that of another handle on the same
 *       database;
 *   <li>commit, rollback, close and the commit mode are the transaction's affair, and only look done to the
 *       application;
 *   <li>when the transaction is over, {@link #leave} does what was put off, and the handle is an ordinary connection
 *       again.
 * </ul>
 *
 * <p>A class and no interface: libraries make proxies of all the interfaces that a connection has, in loaders that
 * don't see the agent's. As safe for threads as the driver's own, that is for one at a time.
 */
public abstract class TrackedConnection extends ForwardingConnection {

    private static final AtomicLong HANDED_OUT = new AtomicLong();

    private final long number = HANDED_OUT.incrementAndGet();
    private final long thread = Thread.currentThread().getId();
    private final Object source;
    private final Class<?> madeBy;
    private final Connection raw;
    private Supplier<String> site = () -> "?";

    /** What it was handed out with, as far as that is changed. */
    final HandedOutState handedOut = new HandedOutState();

    TrackedConnection(Object source, Class<?> madeBy, Connection raw) {
        this.source = source;
        this.madeBy = madeBy;
        this.raw = raw;
    }

    /** How many were handed out so far, in this JVM. */
    public static long handedOut() {
        return HANDED_OUT.get();
    }

    /** Whether this thread was handed it after the first so many. */
    public final boolean isNewHere(long handedOut) {
        return number > handedOut && thread == Thread.currentThread().getId();
    }

    /** Whether this thread was handed it after that one. */
    final boolean isNewerHere(TrackedConnection other) {
        return isNewHere(other.number);
    }

    /** What handed it out. */
    public final Object source() {
        return source;
    }

    /** The class whose method made it; null where that only passed on what another source had made. */
    public final Class<?> madeBy() {
        return madeBy;
    }

    /** What the source handed out; null where it was not asked. */
    public final Connection raw() {
        return raw;
    }

    /** Where the application began to use it in its transaction. */
    public final String site() {
        return site.get();
    }

    public final void usedAt(Supplier<String> place) {
        site = place;
    }

    // ---- what it was handed out with

    /** Whether its session may differ from what the source handed out, by what was done before the transaction. */
    public final boolean touched() {
        return handedOut.touched();
    }

    /** Its session as the source handed it out, if that was read before the first change; else null. */
    public final SessionRead handedOutSession() {
        return handedOut.session();
    }

    /** What its driver keeps, as the source handed it out, if that was changed since; else null. */
    public final DriverSettings handedOutDriverSettings() {
        return handedOut.driver();
    }

    /** The commit mode that the source handed it out in; known while enlisted. */
    public final boolean handedOutAutoCommit() {
        return handedOut.autoCommitOr(autoCommit());
    }

    /** The access mode that the source handed it out in; known while enlisted. */
    public final boolean handedOutReadOnly() {
        return handedOut.readOnlyOr(readOnly());
    }

    // ---- its part in a transaction

    /** Makes it part of a transaction. */
    public abstract void join(Enlistment joined) throws SQLException;

    /**
     * Ends the enlistment: the connection goes back where it was closed meanwhile, and is as the application left it
     * else.
     *
     * @param usable false for a connection that was aborted: nothing is set on it, as the commit mode could commit
     */
    public abstract void leave(boolean usable) throws SQLException;

    /** Its part in a transaction, or null. */
    public abstract Enlistment enlistment();

    /** What its statements run on, in a transaction or outside; null for a handle that has ended. */
    public abstract Connection physical();

    /** Whether work is under way on it that began outside a transaction of ours. */
    public abstract boolean hasOpenWork() throws SQLException;

    /** The commit mode that the application sees while enlisted. */
    public abstract boolean autoCommit();

    /** Whether writes through it are to be refused, while enlisted. */
    public abstract boolean readOnly();

    // ---- among handles that lie one over another

    /** Of the handles from this one downwards the one next to the database. */
    abstract TrackedConnection nearest();

    /** The application's own transaction on it, or null. */
    abstract LocalTransaction transaction();

    /** Before a statement of the driver's connection, which the application has unwrapped; throws to refuse it. */
    abstract void beforeUnseenRun() throws SQLException;

    /** Has the fence's part claim before such a statement, where this handle is the one that acts. */
    abstract void claimUnseen() throws SQLException;
}
