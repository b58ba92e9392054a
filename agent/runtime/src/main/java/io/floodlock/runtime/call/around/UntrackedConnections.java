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
 * Refuses statements on a connection that has no handle of the agent's, if they run inside a scope. Woven code of a
 * driver's statements calls {@link #run}. There is one instance for each class of statements that a driver has.
 * Thread-safe.
 */
public final class UntrackedConnections {

    /*
     * Handles come from DataSources whose getConnection() is woven. A connection from any other origin has no handle:
     *
     *   - DriverManager,
     *   - a javax.sql.PooledConnection or XAConnection,
     *   - a getConnection() that is declared, and called, with a subtype of Connection as its result,
     *   - a DataSource that handed out the connection before the agent's first class.
     *
     * The work of such a connection would be neither atomic nor fenced nor vetoed, and nothing would show it. So the
     * last place that all statements pass is woven too: those methods of the driver's own statements that run SQL. They
     * are the methods that don't delegate the call.
     *
     * A statement that runs there, on a thread in a scope, is known if
     *
     *   1  a tracked statement runs it, at whatever depth, or the agent does (marked on the thread: this is the hot
     *      path),
     *   2  its connection was unwrapped from a handle, inside the transaction that is open; in a fenced method the
     *      handle writes its claim before the statement, as it does for a statement of its own,
     *   3  the driver runs it for another purpose than the application's statement, as getColumnTypeName() or isValid()
     *      do,
     *   4  it runs inside a method of a DataSource or a driver that creates or hands out a connection: a pool's test
     *      query, a first SET,
     *   5  it runs inside a call of a tracked connection, such as setSchema() or close().
     *
     * 3 to 5 are read from the stack, which is walked only if 1 and 2 don't hold.
     *
     * An unknown statement is refused, with two exceptions. They apply to a lock scope that is not fenced:
     *
     *   - A statement in auto-commit mode needs only the check that a handle would make too: are the locks still held?
     *   - If a JTA transaction is open, JTA ends the connection's work, and the locks are kept until then.
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

    /**
     * The driver's statement calls this before it runs.
     *
     * @throws RuntimeException of the application's own classes, if the statement is refused or a lock is lost
     */
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
            // the statement is closed; running it will report that
            return null;
        }
    }

    private void refuse(Statement statement, Connection connection, boolean inTransaction) {
        if (inTransaction) {
            engines.transactions().doom("a statement was refused because the agent has not handed out its connection");
            throw refusal(statement, connection, "@DistributedTx", "it would not take part in the transaction");
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

    /** Cases 3 to 5: decides by the code that has called the driver's method. */
    private boolean isKnown(Stream<StackFrame> stack) {
        List<StackFrame> frames = stack.dropWhile(frame -> !isDrivers(frame)).toList();
        StackFrame entry = null;
        int next = 0;
        // skip the driver's frames, and its own proxies, up to the frame at which the driver was called
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

    /** {@code org.postgresql.} for {@code org.postgresql.jdbc.PgStatement}: a driver has packages of its own. */
    private static String root(String className) {
        int first = className.indexOf('.');
        int second = first < 0 ? -1 : className.indexOf('.', first + 1);
        return second < 0 ? className : className.substring(0, second + 1);
    }

    /** Whether the driver was called to run the application's own statement. */
    private static boolean isRun(StackFrame entry) {
        String method = entry.getMethodName();
        return method.startsWith("execute")
                || method.equals("insertRow")
                || method.equals("updateRow")
                || method.equals("deleteRow");
    }

    /** Whether the frame creates or hands out a connection, or belongs to a handle of the agent's. */
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
