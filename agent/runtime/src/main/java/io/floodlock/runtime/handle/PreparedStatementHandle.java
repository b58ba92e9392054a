package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.StatementOwner;
import io.floodlock.runtime.jdbc.TrackedPreparedStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;

/** Names its interface itself, for those who make proxies of a class's interfaces. */
final class PreparedStatementHandle extends TrackedPreparedStatement implements PreparedStatement {

    PreparedStatementHandle(StatementOwner owner, Connection madeOn, PreparedStatement delegate, String sql) {
        super(owner, madeOn, delegate, sql);
    }
}
