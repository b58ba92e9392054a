package io.floodlock.runtime.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.tx.engine.Transactions;
import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class ApplicationTransactionsIT {

    /**
     * Whether each connection's transaction, once its connection is closed with work in it, ended with a known outcome.
     */
    private final List<Boolean> known = new ArrayList<>();

    private final OpenTransaction.Keeper keeper = new OpenTransaction.Keeper() {
        @Override
        public void verify() {}

        @Override
        public void ended(boolean outcomeKnown) {
            known.add(outcomeKnown);
        }
    };

    /**
     * A transaction manager gets its connections back while its transaction is open, and tells its outcome by itself.
     */
    @Test
    void closingAConnectionThatATransactionManagerEndsLeavesNothingUnknown() throws Exception {
        OpenTransaction managed = new Managed(true);
        closeWithWork(() -> List.of(managed));
        assertEquals(List.of(true), known);
    }

    /** The control: without one, nobody knows what has become of the work. */
    @Test
    void closingAnyOtherConnectionWithWorkInItDoes() throws Exception {
        closeWithWork(List::of);
        OpenTransaction other = new Managed(false);
        closeWithWork(() -> List.of(other));
        assertEquals(List.of(false, false), known);
    }

    private void closeWithWork(OpenTransactions framework) throws Exception {
        ApplicationTransactions transactions = new ApplicationTransactions();
        transactions.add(framework);
        PGSimpleDataSource source = new PGSimpleDataSource();
        try (PostgresServer server = PostgresServer.start(Map.of());
                Transactions engine =
                        new Transactions(Settings.of(Map.of("namespace", "boundary")), Events.NONE, () -> null)) {
            source.setUrl(server.jdbcUrl("postgres"));
            Connection connection =
                    engine.wrap(source, PGSimpleDataSource.class, source.getConnection(), failure -> failure);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
            for (OpenTransaction open : transactions.ofThread()) {
                if (open.hasConnection()) {
                    open.onEnd(keeper);
                }
            }
            connection.close();
        }
    }

    private record Managed(boolean endsConnections) implements OpenTransaction {

        @Override
        public boolean open() {
            return true;
        }

        @Override
        public void onEnd(Keeper told) {}
    }
}
