package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.StatementOwner;
import io.floodlock.runtime.jdbc.TrackedPreparedStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;

/**
 * A {@link TrackedPreparedStatement} that declares {@link PreparedStatement} itself: some libraries make a proxy of
 * the interfaces that a class declares directly. {@code HandleLoader} defines it beside each driver.
 */
final class PreparedStatementHandle extends TrackedPreparedStatement implements PreparedStatement {

    PreparedStatementHandle(StatementOwner owner, Connection madeOn, PreparedStatement delegate, String sql) {
        super(owner, madeOn, delegate, sql);
    }
}
