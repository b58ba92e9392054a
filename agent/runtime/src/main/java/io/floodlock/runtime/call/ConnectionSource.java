package io.floodlock.runtime.call;

import java.lang.invoke.MethodHandles;
import java.sql.Connection;

/** A DataSource class as it hands out connections. */
final class ConnectionSource {

    private final Engines engines;
    private final CallerExceptions exceptions;

    ConnectionSource(MethodHandles.Lookup caller, Engines engines) {
        this.engines = engines;
        this.exceptions = CallerExceptions.of(caller.lookupClass());
    }

    Connection reuse(Object source) {
        return engines.transactions().reuse(source, exceptions::translate);
    }

    Connection wrap(Object source, Connection connection) {
        return connection == null ? null : engines.transactions().wrap(source, connection, exceptions::translate);
    }
}
