package io.floodlock.runtime.jdbc;

import java.sql.SQLException;

/** What has to be called after one statement has run. */
interface AfterRun {

    /** @param failure what the driver threw, or null; it is rethrown even if this method throws an SQLException */
    void afterRun(SQLException failure) throws SQLException;
}
