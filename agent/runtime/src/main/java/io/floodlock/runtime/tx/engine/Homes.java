package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.driver.OwnConnections;
import io.floodlock.runtime.jdbc.driver.WeakIdentityMap;
import io.floodlock.runtime.tx.TxHome;
import io.floodlock.runtime.tx.commit.Completion;
import io.floodlock.runtime.tx.commit.HomeDatabase;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.dialect.TxDialects;
import io.floodlock.runtime.tx.transaction.Branch;
import io.floodlock.runtime.tx.transaction.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the databases in which the agent does work of its own in transactions, and begins that work. {@link
 * Transactions} calls it. Thread-safe.
 */
final class Homes {

    private static final Logger LOG = LoggerFactory.getLogger(Homes.class);

    private final Databases databases;
    private final Supplier<List<DataSource>> sources;
    private final Completion completion;
    private final Connector connector;

    /** The sources whose databases are known, or are not supported. */
    private final WeakIdentityMap<DataSource, Boolean> met = new WeakIdentityMap<>();

    /** Makes a connection of an application's source part of a transaction. */
    interface Connector {
        Branch branch(Transaction transaction, DataSource source) throws SQLException;
    }

    /** @param sources that the application has used */
    Homes(Databases databases, Supplier<List<DataSource>> sources, Completion completion, Connector connector) {
        this.databases = databases;
        this.sources = sources;
        this.completion = completion;
        this.connector = connector;
    }

    TxHome find(String called, String id) {
        Database found = called != null ? called(called) : only(id);
        if (found == null) {
            return null;
        }
        ensureTable(found);
        if (found.whyNoHost() != null) {
            found.lookAgain();
            throw Failure.ILLEGAL_TRANSACTION.because(found.whyNoHost());
        }
        return new HomeDatabase(databases, found);
    }

    /** Connects to the databases of sources that have not been asked for theirs. */
    List<TxHome> all() {
        sources.get().forEach(this::meet);
        Map<String, TxHome> byId = new LinkedHashMap<>();
        for (Database database : databases.all()) {
            if (database.whyNoHost() == null && database.source() != null) {
                byId.putIfAbsent(database.id(), new HomeDatabase(databases, database));
            }
        }
        return List.copyOf(byId.values());
    }

    private void meet(DataSource source) {
        if (met.get(source) != null) {
            return;
        }
        try (Connection own = OwnConnections.open(source)) {
            if (TxDialects.of(own.getMetaData()) != null) {
                databases.ofOwn(source, own);
            }
            met.put(source, true);
        } catch (SQLException | FloodlockFailure e) {
            LOG.debug(
                    "The database of {} is asked again later", source.getClass().getName(), e);
        }
    }

    private Database called(String name) {
        return databases.all().stream()
                .filter(database -> database.isCalled(name))
                .findFirst()
                .orElse(null);
    }

    /** The only database, or among several that with the id. */
    private Database only(String id) {
        TreeMap<String, Database> byId = new TreeMap<>();
        for (Database database : databases.all()) {
            ensureTable(database);
            byId.put(database.id(), database);
        }
        if (byId.size() <= 1) {
            return byId.isEmpty() ? null : byId.firstEntry().getValue();
        }
        if (id != null) {
            return byId.get(id);
        }
        throw Failure.ILLEGAL_TRANSACTION.because("this JVM uses several databases ("
                + byId.values().stream().map(Database::name).sorted().collect(Collectors.joining(", "))
                + "), and none of them is named as the one that records which calls have run; set"
                + " floodlock.queue.home to the name of its pool or to its JDBC URL");
    }

    private static void ensureTable(Database database) {
        try {
            database.ensureTable();
        } catch (SQLException e) {
            throw Failure.UNAVAILABLE.because(
                    "database " + database.name() + " can't be asked for its tables: " + e.getMessage(), e);
        }
    }

    /**
     * Begins the transaction's work of the agent's own, if its home is known.
     *
     * @param last whether the body has run
     * @return false if the transaction must roll back
     */
    boolean begin(Transaction transaction, boolean last) throws SQLException {
        TxHome home = transaction.work().home(last);
        if (home == null) {
            return true;
        }
        Database database = ((HomeDatabase) home).database();
        DataSource source = database.source();
        if (source == null) {
            throw Failure.UNAVAILABLE.because("the application no longer holds its DataSource of " + home.name()
                    + ", which records the stored call of " + transaction.site());
        }
        Branch branch = connector.branch(transaction, source);
        if (!branch.database().id().equals(home.id())) {
            throw Failure.ILLEGAL_TRANSACTION.because(
                    transaction.site() + ": its DataSource handed out a connection to "
                            + branch.database().name() + ", but the call must be recorded in " + home.name()
                            + "; set floodlock.queue.home to a DataSource that always leads to the same database");
        }
        return transaction.beginWork(
                branch, completion.gid(transaction, branch.database().facts()));
    }
}
