package io.floodlock.runtime.jdbc;

import io.floodlock.forwarding.Forwarding;
import java.sql.CallableStatement;
import java.sql.Connection;

/** The handle that an application holds in place of its callable statement, which calls a stored procedure. */
@Forwarding(value = CallableStatement.class, over = TrackedPreparedStatement.class)
public class TrackedCallableStatement extends ForwardingCallableStatement {

    private final CallableStatement delegate;

    protected TrackedCallableStatement(
            StatementOwner owner, Connection madeOn, CallableStatement delegate, String sql) {
        super(owner, madeOn, delegate, sql);
        this.delegate = delegate;
    }

    @Override
    CallableStatement delegate() {
        return delegate;
    }
}
