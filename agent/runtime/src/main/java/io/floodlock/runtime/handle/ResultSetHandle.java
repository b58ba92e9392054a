package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.TrackedResultSet;
import io.floodlock.runtime.jdbc.TrackedStatement;
import java.sql.ResultSet;

/**
 * A {@link TrackedResultSet} that declares {@link ResultSet} itself: some libraries make a proxy of the interfaces
 * that a class declares directly. {@code HandleLoader} defines it beside each driver.
 */
final class ResultSetHandle extends TrackedResultSet implements ResultSet {

    ResultSetHandle(TrackedStatement statement, ResultSet delegate) {
        super(statement, delegate);
    }
}
