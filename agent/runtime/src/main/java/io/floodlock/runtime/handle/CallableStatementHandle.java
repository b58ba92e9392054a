package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.StatementOwner;
import io.floodlock.runtime.jdbc.TrackedCallableStatement;
import java.sql.CallableStatement;
import java.sql.Connection;

/**
 * A {@link TrackedCallableStatement} that declares {@link CallableStatement} itself: some libraries make a proxy of
 * the interfaces that a class declares directly. {@code HandleLoader} defines it beside each driver.
 */
final class CallableStatementHandle extends TrackedCallableStatement implements CallableStatement {

    CallableStatementHandle(StatementOwner owner, Connection madeOn, CallableStatement delegate, String sql) {
        super(owner, madeOn, delegate, sql);
    }
}
