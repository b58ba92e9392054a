package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.TrackedResultSet;
import io.floodlock.runtime.jdbc.TrackedStatement;
import java.sql.ResultSet;

/** Names its interface itself, for those who make proxies of a class's interfaces. */
final class ResultSetHandle extends TrackedResultSet implements ResultSet {

    ResultSetHandle(TrackedStatement statement, ResultSet delegate) {
        super(statement, delegate);
    }
}
