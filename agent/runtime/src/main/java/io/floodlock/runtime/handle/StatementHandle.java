package io.floodlock.runtime.handle;

import io.floodlock.runtime.jdbc.StatementOwner;
import io.floodlock.runtime.jdbc.TrackedStatement;
import java.sql.Connection;
import java.sql.Statement;

/** Names its interface itself, for those who make proxies of a class's interfaces. */
final class StatementHandle extends TrackedStatement implements Statement {

    StatementHandle(StatementOwner owner, Connection madeOn, Statement delegate) {
        super(owner, madeOn, delegate);
    }
}
