package io.floodlock.runtime.tx.commit;

import io.floodlock.runtime.tx.TxHome;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.dialect.Decision;
import io.floodlock.runtime.tx.dialect.DecisionTable;
import io.floodlock.runtime.tx.name.Gid;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A {@link Database} as {@link TxHome}. Thread-safe. */
public record HomeDatabase(Databases databases, Database database) implements TxHome {

    /** The time after which a database that does not answer is given up; longer than any wait of a statement. */
    private static final int SILENT_MILLIS = 30_000;

    @Override
    public String id() {
        return database.id();
    }

    @Override
    public String name() {
        return database.name();
    }

    @Override
    public String schema() {
        String table = database.table();
        return table.substring(0, table.length() - DecisionTable.NAME.length());
    }

    @Override
    public Connection open() throws SQLException {
        Connection own = database.open();
        own.setNetworkTimeout(Runnable::run, SILENT_MILLIS);
        return own;
    }

    @Override
    public int endBlockers(int backend) throws SQLException {
        try (Connection own = database.open()) {
            return database.dialect().recovery().terminateBlockers(own, backend);
        }
    }

    /**
     * A decision is deleted only after the branches that it binds are finished, and a transaction with one branch has
     * none.
     */
    @Override
    public Unsettled unsettled(String gid) {
        Optional<Decision> decision;
        try (Connection own = database.open()) {
            decision = database.dialect().recovery().row(own, database.table(), gid);
        } catch (SQLException e) {
            return new Unsettled(false, "the decision can't be read in " + database.name() + ": " + e.getMessage());
        }
        if (decision.isPresent() && decision.get().commits()) {
            for (String branch : decision.get().branches().split(",")) {
                Unsettled one = unsettled(gid, branch);
                if (one != null) {
                    return one;
                }
            }
        }
        return null;
    }

    private Unsettled unsettled(String gid, String branch) {
        Optional<Gid.BranchName> name = Gid.BranchName.parse(gid + ":" + branch);
        if (name.isEmpty()) {
            return new Unsettled(false, "its branch " + branch + " has no known form");
        }
        List<Database> ways = databases.withId(name.get().database());
        Unsettled one = new Unsettled(true, "one of its branches is in a database that this JVM has not used yet");
        for (Database way : ways) {
            try (Connection own = way.open()) {
                boolean prepared = !way.dialect()
                        .recovery()
                        .prepared(own, name.get().text())
                        .isEmpty();
                return prepared
                        ? new Unsettled(
                                false,
                                "its branch in " + way.name() + " is prepared, and recovery is about to commit it")
                        : null;
            } catch (SQLException e) {
                one = new Unsettled(false, "its branch in " + way.name() + " can't be looked for: " + e.getMessage());
            }
        }
        return one;
    }
}
