package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.jdbc.LocalTransaction;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.jdbc.driver.JdbcModule;
import io.floodlock.runtime.tx.CommitWork;
import io.floodlock.runtime.tx.commit.HomeDatabase;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.dialect.TxDialects;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds work of the agent's own to the application's transactions on single connections, those of Spring too. {@link
 * Transactions} calls it outside {@code @DistributedTx}. Thread-safe.
 */
final class LocalCommits {

    /*
     * Several transactions may be open on one thread. The work belongs to the one that was begun last: frameworks begin
     * the transaction of an inner method, on a connection of its own, after that of the method around it, and end it
     * before. One that a framework has suspended is left out. If none is open, a call that follows a commit on a
     * connection that stays in manual commit mode begins the next transaction there, as a statement would.
     *
     * The database is asked for its facts and its tables over other connections, as a statement that fails would abort
     * the application's transaction.
     */

    private static final Logger LOG = LoggerFactory.getLogger(LocalCommits.class);

    private final Databases databases;
    private final Set<String> unsupported = ConcurrentHashMap.newKeySet();

    LocalCommits(Databases databases) {
        this.databases = databases;
    }

    /**
     * The work that this thread's innermost transaction does last.
     *
     * @param make makes it, if the transaction has none yet
     * @return null if no transaction is open, or if it is one of a database that is not supported
     */
    CommitWork of(Supplier<CommitWork> make) {
        LocalTransaction innermost = JdbcModule.isPresent() ? innermost() : null;
        if (innermost == null) {
            return null;
        }
        if (innermost.atCommit() instanceof LocalCommitWork known) {
            return known.work();
        }
        LocalCommitWork made = made(innermost, make);
        if (made == null) {
            return null;
        }
        innermost.atCommit(made);
        return made.work();
    }

    private static LocalTransaction innermost() {
        LocalTransaction last = null;
        for (LocalTransaction each : LocalTransaction.ofThread()) {
            last = each.isSetAside() ? last : each;
        }
        return last != null ? last : LocalTransaction.beginNext();
    }

    private LocalCommitWork made(LocalTransaction transaction, Supplier<CommitWork> make) {
        Connection connection = transaction.connection();
        DriverCallDepth.enter();
        try {
            if (TxDialects.of(connection.getMetaData()) == null) {
                say(connection.getMetaData().getDatabaseProductName());
                return null;
            }
            return new LocalCommitWork(make.get(), connection.isReadOnly() ? null : home(transaction));
        } catch (SQLException e) {
            throw Failure.UNAVAILABLE.because(
                    "the call can't be stored with the transaction that is open on this thread; its database failed: "
                            + e.getMessage(),
                    e);
        } finally {
            DriverCallDepth.leave();
        }
    }

    private HomeDatabase home(LocalTransaction transaction) throws SQLException {
        Database database = databases.of((DataSource) transaction.source(), transaction.connection());
        database.ensureTable();
        if (database.whyNoHost() != null) {
            database.lookAgain();
            throw Failure.ILLEGAL_TRANSACTION.because(
                    "the call can't be stored with the transaction that is open on this thread: "
                            + database.whyNoHost());
        }
        return new HomeDatabase(databases, database);
    }

    private void say(String product) {
        if (unsupported.add(product)) {
            LOG.warn(
                    "Calls of queued methods that are made in a transaction on {} are stored at once, whether it"
                            + " commits or not: only {} can hold them until then",
                    product,
                    TxDialects.products());
        }
    }
}
