package io.floodlock.runtime.jdbc;

import java.sql.SQLException;

/** What follows the run of one statement. */
interface AfterRun {

    /** @param failure what the driver threw, or null; it is thrown on, whatever is thrown here */
    void afterRun(SQLException failure) throws SQLException;
}
