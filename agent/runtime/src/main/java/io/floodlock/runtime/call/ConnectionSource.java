package io.floodlock.runtime.call;

import java.lang.invoke.MethodHandles;
import java.sql.Connection;
import javax.sql.DataSource;

/**
 * A class with a method that looks like a DataSource's as it hands out connections. Statements and metadata have a
 * {@code getConnection()} too, so only the instance tells.
 */
final class ConnectionSource {

    private final Engines engines;
    private final CallerExceptions exceptions;

    ConnectionSource(MethodHandles.Lookup caller, Engines engines) {
        this.engines = engines;
        this.exceptions = CallerExceptions.of(caller.lookupClass());
    }

    Connection reuse(Object source) {
        return source instanceof DataSource ? engines.transactions().reuse(source, exceptions::translate) : null;
    }

    Connection wrap(Object source, Connection connection) {
        return connection == null || !(source instanceof DataSource)
                ? connection
                : engines.transactions().wrap(source, connection, exceptions::translate);
    }
}
