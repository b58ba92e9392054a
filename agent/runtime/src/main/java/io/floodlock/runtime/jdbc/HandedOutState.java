package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.driver.DriverSettings;

/**
 * Remembers the state in which a source handed out the connection of one handle: session, driver settings, commit mode
 * and access mode. Each part is recorded before its first change, but the session only inside a distributed
 * transaction, and driver settings only while the hooks are watching. {@link #touched} marks a session that may have
 * been changed. A transaction reads this record to set its connection back, and to know whether the handle's session is
 * still as the source handed it out. As thread-safe as the connection.
 */
final class HandedOutState {

    private boolean touched;
    private SessionRead session;
    private DriverSettings driver;
    private Boolean autoCommit;
    private Boolean readOnly;

    /** Whether the session may differ because of work outside any distributed transaction. */
    boolean touched() {
        return touched;
    }

    void touch() {
        touched = true;
    }

    /** The session, if it was first changed in a distributed transaction; else null. */
    SessionRead session() {
        return session;
    }

    void session(SessionRead before) {
        session = before;
    }

    /** The state that the driver keeps, if it was first changed while a distributed transaction was open; else null. */
    DriverSettings driver() {
        return driver;
    }

    void driver(DriverSettings before) {
        driver = before;
    }

    boolean knowsAutoCommit() {
        return autoCommit != null;
    }

    void autoCommit(boolean before) {
        autoCommit = before;
    }

    /** @param now the present mode, which is also the one at hand-out if it was never changed */
    boolean autoCommitOr(boolean now) {
        return autoCommit == null ? now : autoCommit;
    }

    boolean knowsReadOnly() {
        return readOnly != null;
    }

    void readOnly(boolean before) {
        readOnly = before;
    }

    /** @param now the present mode, which is also the one at hand-out if it was never changed */
    boolean readOnlyOr(boolean now) {
        return readOnly == null ? now : readOnly;
    }
}
