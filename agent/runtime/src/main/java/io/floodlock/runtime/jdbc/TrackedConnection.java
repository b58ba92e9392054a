package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.driver.DriverSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The handle that an application holds in place of its connection, as its transaction sees it. Outside any scope every
 * call goes straight to the connection below. In a distributed transaction the first statement enlists the handle, and
 * from then on:
 *
 * <ul>
 *   <li>statements run on the enlistment's physical connection: this handle's own, or that of another handle on the
 *       same database;
 *   <li>commit, rollback, close and the commit mode belong to the transaction, and only look done to the application;
 *   <li>when the transaction is over, {@link #leave} does what was postponed, and the handle is an ordinary connection
 *       again.
 * </ul>
 *
 * <p>{@link SwitchingConnection} implements the change of roles. This is a class and not an interface: libraries create
 * proxies of all interfaces of a connection, in class loaders that don't see the agent's. As thread-safe as the
 * driver's connection: one thread at a time.
 */
public abstract class TrackedConnection extends ForwardingConnection {

    private static final AtomicLong HANDED_OUT = new AtomicLong();

    private final long number = HANDED_OUT.incrementAndGet();
    private final long thread = Thread.currentThread().getId();
    private final Object source;
    private final Class<?> madeBy;
    private final Connection raw;
    private Supplier<String> site = () -> "?";

    /** The state in which it was handed out, as far as that is changed. */
    final HandedOutState handedOut = new HandedOutState();

    TrackedConnection(Object source, Class<?> madeBy, Connection raw) {
        this.source = source;
        this.madeBy = madeBy;
        this.raw = raw;
    }

    /** The number of handles handed out so far in this JVM. */
    public static long handedOut() {
        return HANDED_OUT.get();
    }

    /** Whether it was handed out to this thread, and after the first {@code handedOut} handles of this JVM. */
    public final boolean isNewHere(long handedOut) {
        return number > handedOut && thread == Thread.currentThread().getId();
    }

    /** Whether it was handed out to this thread, and after that other one. */
    final boolean isNewerHere(TrackedConnection other) {
        return isNewHere(other.number);
    }

    /** The source that handed it out. */
    public final Object source() {
        return source;
    }

    /**
     * The class whose method created the connection; null if the method only passed on what another source had created.
     */
    public final Class<?> madeBy() {
        return madeBy;
    }

    /** The connection that the source handed out; null if no source was asked. */
    public final Connection raw() {
        return raw;
    }

    /** The place where the application began to use it in its transaction. */
    public final String site() {
        return site.get();
    }

    public final void usedAt(Supplier<String> place) {
        site = place;
    }

    // ---- its state when it was handed out

    /** Whether its session may differ from the one handed out, because of work before the transaction. */
    public final boolean touched() {
        return handedOut.touched();
    }

    /** Its session as the source handed it out, if read before the first change; else null. */
    public final SessionRead handedOutSession() {
        return handedOut.session();
    }

    /** The state that its driver keeps, as the source handed it out, if that was changed since; else null. */
    public final DriverSettings handedOutDriverSettings() {
        return handedOut.driver();
    }

    /** The commit mode in which the source handed it out; known while enlisted. */
    public final boolean handedOutAutoCommit() {
        return handedOut.autoCommitOr(autoCommit());
    }

    /** The access mode in which the source handed it out; known while enlisted. */
    public final boolean handedOutReadOnly() {
        return handedOut.readOnlyOr(readOnly());
    }

    // ---- its part in a transaction

    /** Makes it part of a transaction. */
    public abstract void join(Enlistment joined) throws SQLException;

    /**
     * Ends the enlistment. If the application closed the handle meanwhile, its connection goes back to the source.
     * Otherwise the connection becomes as the application left it.
     *
     * @param usable false for a connection that was aborted: nothing is set on it, as setting the commit mode could
     *     commit
     */
    public abstract void leave(boolean usable) throws SQLException;

    /** Its part in a transaction, or null. */
    public abstract Enlistment enlistment();

    /** The connection that its statements run on, in a transaction or outside; null for a handle that has ended. */
    public abstract Connection physical();

    /** Whether it has open work that began outside a distributed transaction. */
    public abstract boolean hasOpenWork() throws SQLException;

    /** The commit mode that the application sees while enlisted. */
    public abstract boolean autoCommit();

    /** Whether writes through it must be refused while it is enlisted. */
    public abstract boolean readOnly();

    // ---- stacked handles

    /** The innermost handle below this one, next to the database, or this one. */
    abstract TrackedConnection nearest();

    /** The application's own transaction on it, or null. */
    abstract LocalTransaction transaction();

    /** Called before a statement of the driver's connection that was unwrapped; throws to refuse it. */
    abstract void beforeUnseenRun() throws SQLException;

    /** Makes the claims before such a statement, if this is the handle that acts. */
    abstract void claimUnseen() throws SQLException;
}
