package io.floodlock.runtime.jdbc;

import java.sql.SQLException;

/** The call that must follow the run of one statement. */
interface AfterRun {

    /** @param failure the driver's exception, or null; it is rethrown even if this method throws */
    void afterRun(SQLException failure) throws SQLException;
}
