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
 * Gives the application the connections of a DataSource with the agent's handles on them, and returns to the DataSource
 * the connections that it handed out itself. The transaction engine makes the handles. Until the application uses
 * Floodlock, each connection is passed on unchanged; see {@link UsageDetector}.
 *
 * <p>It is the target of the call sites in a class that declares a method like a DataSource's {@code getConnection()}.
 * Statements and metadata declare such a method too, so each call checks the instance. Thread-safe.
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

    /**
     * The connection to hand out without running the source; null if the source must run. See {@link TxEngine#reuse}.
     */
    public Connection reuse(Object source) {
        TxEngine transactions = engines.transactionsIfStarted();
        return source instanceof DataSource && transactions != null
                ? transactions.reuse(source, site, exceptions::translate)
                : null;
    }

    /** The connection that the application receives instead of the source's own; see {@link TxEngine#wrap}. */
    public Connection wrap(Object source, Connection connection) {
        return connection == null || !(source instanceof DataSource) || !use.begun(source)
                ? connection
                : engines.transactions().wrap(source, site, connection, exceptions::translate);
    }

    /** The connection that the source itself handed out, if {@code given} wraps it at any depth; else {@code given}. */
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
