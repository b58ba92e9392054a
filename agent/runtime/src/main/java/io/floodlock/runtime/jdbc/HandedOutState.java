package io.floodlock.runtime.jdbc;

import io.floodlock.runtime.jdbc.driver.DriverSettings;

/**
 * What a source has handed a connection out with, as far as it is changed since: each part is noted before its first
 * change. As safe for threads as the connection.
 */
final class HandedOutState {

    private boolean touched;
    private SessionRead session;
    private DriverSettings driver;
    private Boolean autoCommit;
    private Boolean readOnly;

    /** Whether the session may differ, by what was done outside any transaction of ours. */
    boolean touched() {
        return touched;
    }

    void touch() {
        touched = true;
    }

    /** The session, where it was first changed in a transaction of ours; else null. */
    SessionRead session() {
        return session;
    }

    void session(SessionRead before) {
        session = before;
    }

    /** What the driver keeps, where it was first changed while a transaction of ours was open; else null. */
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

    /** @param now which it was handed out in as well, where it is not changed */
    boolean autoCommitOr(boolean now) {
        return autoCommit == null ? now : autoCommit;
    }

    boolean knowsReadOnly() {
        return readOnly != null;
    }

    void readOnly(boolean before) {
        readOnly = before;
    }

    /** @param now which it was handed out in as well, where it is not changed */
    boolean readOnlyOr(boolean now) {
        return readOnly == null ? now : readOnly;
    }
}
