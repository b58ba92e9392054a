package io.floodlock.runtime.call.around;

import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.call.support.UsageDetector;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.tx.TxEngine;
import java.lang.invoke.MethodHandles;
import java.sql.Connection;
import javax.sql.DataSource;

/**
 * A class with a method that looks like a DataSource's as it hands out connections. Statements and metadata have a
 * {@code getConnection()} too, so only the instance tells.
 */
public final class ConnectionSource {

    private final Engines engines;
    private final UsageDetector use;
    private final Class<?> site;
    private final CallerExceptions exceptions;

    public ConnectionSource(MethodHandles.Lookup caller, Engines engines, UsageDetector use) {
        this.engines = engines;
        this.use = use;
        this.site = caller.lookupClass();
        this.exceptions = CallerExceptions.of(caller.lookupClass());
    }

    public Connection reuse(Object source) {
        TxEngine transactions = engines.transactionsIfStarted();
        return source instanceof DataSource && transactions != null
                ? transactions.reuse(source, site, exceptions::translate)
                : null;
    }

    public Connection wrap(Object source, Connection connection) {
        return connection == null || !(source instanceof DataSource) || !use.begun(source)
                ? connection
                : engines.transactions().wrap(source, site, connection, exceptions::translate);
    }

    /** What the source itself handed out, where that is a wrapper of it or of wrappers of it; else what was given. */
    public Connection back(Object source, Connection given) {
        Connection outer = given;
        while (outer instanceof TrackedConnection tracked) {
            Connection inner = tracked.raw() != null ? tracked.raw() : tracked.physical();
            if (tracked.source() == source && inner != null) {
                return inner;
            }
            outer = inner;
        }
        return given;
    }
}
