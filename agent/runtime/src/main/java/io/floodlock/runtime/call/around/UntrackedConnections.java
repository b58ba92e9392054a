package io.floodlock.runtime.call.around;

import io.floodlock.runtime.boundary.ApplicationTransactions;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.UnwrappedConnections;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.tx.TxEngine;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import javax.sql.XADataSource;

/**
 * Refuses statements of connections that reach a scope without a handle of the agent's. One for each class of statements that
 * a driver has. Thread-safe.
 */
public final class UntrackedConnections {

    /*
     * Handles come from DataSources whose getConnection() is woven. What comes otherwise has none: DriverManager, a
     * javax.sql.PooledConnection or XAConnection, a getConnection() that is declared with a subtype and called by that, a
     * source that handed out its connection before the agent's first class. Its work would be neither atomic nor fenced nor
     * vetoed, and nobody would notice. So the last place that all of them pass is woven too: the methods of the driver's own
     * statements that run SQL, which are those that don't pass the call on.
     *
     * A statement that runs there, on a thread in a scope, is known if
     *
     *   1  it is below a tracked statement, or the agent's own (marked, as this is the hot path),
     *   2  its connection was unwrapped from a handle, inside the transaction that is open; in a fenced method its handle
     *      claims before the statement, as for its own,
     *   3  the driver runs it for something else than the application's statement, as getColumnTypeName() or isValid() do,
     *   4  it is below a DataSource's or driver's method that makes or hands out a connection: a pool's test, a first SET,
     *   5  it is below a call of a tracked connection, as setSchema() or close() are.
     *
     * 3 to 5 are read from the stack, which is looked at only where 1 and 2 don't hold.
     *
     * What is unknown is refused, but for one case. In a lock scope that is not fenced a statement that commits by itself needs
     * nothing but the question that a handle would ask too: do the locks still stand? And where JTA has a transaction open, it
     * is JTA that ends the connection's work, and the locks are kept until then.
     */

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final Engines engines;
    private final ApplicationTransactions applications;
    private final CallerExceptions exceptions;
    private final String driver;

    public UntrackedConnections(MethodHandles.Lookup statement, Engines engines, ApplicationTransactions applications) {
        this.engines = engines;
        this.applications = applications;
        this.exceptions = CallerExceptions.of(statement.lookupClass());
        this.driver = root(statement.lookupClass().getName());
    }

    /** Called by the driver's statement before it runs. */
    public void run(Object statement) throws SQLException {
        TxEngine transactions = engines.transactionsIfStarted();
        boolean inTransaction = transactions != null && transactions.currentId() != null;
        if (!inTransaction && !inLocks() || DriverCallDepth.known()) {
            return;
        }
        Statement unmarked = (Statement) statement;
        Connection connection = connection(unmarked);
        if (inTransaction ? UnwrappedConnections.isEnlisted(connection) : UnwrappedConnections.knows(connection)) {
            if (!inTransaction && !engines.locksIfStarted().claims().isEmpty() && !STACK.walk(this::isKnown)) {
                UnwrappedConnections.beforeRun(connection);
            }
            return;
        }
        if (STACK.walk(this::isKnown)) {
            return;
        }
        refuse(unmarked, connection, inTransaction);
    }

    private boolean inLocks() {
        LockEngine locks = engines.locksIfStarted();
        return locks != null && locks.around();
    }

    private static Connection connection(Statement statement) {
        try {
            return statement.getConnection();
        } catch (SQLException e) {
            // it is closed, and running it will say so
            return null;
        }
    }

    private void refuse(Statement statement, Connection connection, boolean inTransaction) {
        if (inTransaction) {
            engines.transactions().doom("a statement was refused, of a connection that the agent has not handed out");
            throw refusal(statement, connection, "@DistributedTx", "it would be no part of the transaction");
        }
        LockEngine locks = engines.locksIfStarted();
        if (!locks.claims().isEmpty()) {
            throw refusal(statement, connection, "a fenced method", "its database would not compare holders");
        }
        if (!commitsByItself(connection)) {
            if (applications.inJta()) {
                return;
            }
            throw refusal(
                    statement,
                    connection,
                    "a locked method in manual commit mode",
                    "its commit would neither be vetoed after the lock is lost nor keep the lock until then");
        }
        try {
            locks.verifyCurrent();
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    private static boolean commitsByItself(Connection connection) {
        try {
            return connection != null && connection.getAutoCommit();
        } catch (SQLException e) {
            return false;
        }
    }

    private RuntimeException refusal(Statement statement, Connection connection, String scope, String because) {
        return exceptions.translate(Failure.ILLEGAL_TRANSACTION.because("A statement of "
                + (connection == null ? statement : connection).getClass().getName()
                + " (" + url(connection) + ") runs in " + scope
                + ", on a connection that the agent has not handed out: " + because
                + ". Take the connection from a javax.sql.DataSource, through that interface and after this"
                + " application's first annotated class is loaded; not from DriverManager, a ConnectionPoolDataSource"
                + " or XADataSource, nor by a getConnection() that returns a type of the pool's own."));
    }

    private static String url(Connection connection) {
        try {
            String url = connection == null ? null : connection.getMetaData().getURL();
            return url == null ? "URL not known" : OwnConnections.shown(url);
        } catch (SQLException e) {
            return "URL not known";
        }
    }

    /** By what has called the statement's method. */
    private boolean isKnown(Stream<StackFrame> stack) {
        List<StackFrame> frames = stack.dropWhile(frame -> !isDrivers(frame)).toList();
        StackFrame entry = null;
        int next = 0;
        // the driver's code up to where it was called, proxies of its own included
        while (next < frames.size() && isInside(frames.get(next))) {
            entry = frames.get(next);
            next++;
        }
        return entry != null && !isRun(entry) || frames.stream().anyMatch(UntrackedConnections::isPrepared);
    }

    private boolean isInside(StackFrame frame) {
        return isDrivers(frame) || Proxy.isProxyClass(frame.getDeclaringClass());
    }

    private boolean isDrivers(StackFrame frame) {
        return frame.getClassName().startsWith(driver);
    }

    /** {@code org.postgresql.} of {@code org.postgresql.jdbc.PgStatement}: a driver has packages of its own. */
    private static String root(String className) {
        int first = className.indexOf('.');
        int second = first < 0 ? -1 : className.indexOf('.', first + 1);
        return second < 0 ? className : className.substring(0, second + 1);
    }

    /** Whether what was called of the driver is the application's own statement. */
    private static boolean isRun(StackFrame entry) {
        String method = entry.getMethodName();
        return method.startsWith("execute")
                || method.equals("insertRow")
                || method.equals("updateRow")
                || method.equals("deleteRow");
    }

    /** Whether a connection is made or handed out there, or a handle of the agent's is asked for something. */
    private static boolean isPrepared(StackFrame frame) {
        Class<?> type = frame.getDeclaringClass();
        return switch (frame.getMethodName()) {
            case "getConnection" ->
                DataSource.class.isAssignableFrom(type) || PooledConnection.class.isAssignableFrom(type);
            case "connect" -> Driver.class.isAssignableFrom(type);
            case "getPooledConnection" -> ConnectionPoolDataSource.class.isAssignableFrom(type);
            case "getXAConnection" -> XADataSource.class.isAssignableFrom(type);
            default ->
                type.getName().startsWith("io.floodlock.runtime.jdbc.")
                        || type.getName().startsWith("io.floodlock.runtime.tx.");
        };
    }
}
