package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.StatementOwner;
import io.floodlock.runtime.jdbc.TrackedCallableStatement;
import java.sql.CallableStatement;
import java.sql.Connection;

/** Names its interface itself, for those who make proxies of a class's interfaces. */
final class CallableStatementHandle extends TrackedCallableStatement implements CallableStatement {

    CallableStatementHandle(StatementOwner owner, Connection madeOn, CallableStatement delegate, String sql) {
        super(owner, madeOn, delegate, sql);
    }
}
