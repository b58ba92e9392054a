package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.StatementOwner;
import io.floodlock.runtime.jdbc.TrackedStatement;
import java.sql.Connection;
import java.sql.Statement;

/**
 * A {@link TrackedStatement} that declares {@link Statement} itself: some libraries make a proxy of the interfaces
 * that a class declares directly. {@code HandleLoader} defines it beside each driver.
 */
final class StatementHandle extends TrackedStatement implements Statement {

    StatementHandle(StatementOwner owner, Connection madeOn, Statement delegate) {
        super(owner, madeOn, delegate);
    }
}
