package io.floodlock.examples.bench.queues;

import io.floodlock.DistributedTx;
import io.floodlock.Queued;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;

/** Deductions of one row of stock, each answered; the agent weaves them. */
public final class StockWork {

    private static final int CAPACITY = 4_000;
    private static final int BATCH = 250;
    private static final long STOCK = 1L << 40;

    private static final Arrivals ARRIVALS = new Arrivals();
    private static final LongAdder SOLD = new LongAdder();
    private static final LongAdder COMMITS = new LongAdder();

    private static volatile DataSource pool;

    private StockWork() {}

    /** Makes the table. Called before any other method. */
    public static void use(DataSource database) throws SQLException {
        pool = database;
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE stock (sku text PRIMARY KEY, count bigint NOT NULL CHECK (count >= 0))");
            statement.execute("INSERT INTO stock VALUES ('hot', " + STOCK + ")");
        }
    }

    /** The calls run together; a call has arrived when its caller has the answer. */
    public static QueueKind batched() {
        return kind(StockWork::deduct);
    }

    /** The same without a batch method. */
    public static QueueKind oneByOne() {
        return kind(StockWork::deductOne);
    }

    private interface Deduct {
        CompletableFuture<Boolean> of(byte[] payload) throws SQLException;
    }

    private static QueueKind kind(Deduct deduct) {
        return QueueKind.of(
                payload -> deduct.of(payload).thenAccept(sold -> {
                    if (sold) {
                        SOLD.increment();
                    }
                    ARRIVALS.accept(payload);
                }),
                ARRIVALS);
    }

    @Queued(
            queue = "bench-stock",
            name = "deduct",
            key = "hot",
            waitTime = "1m",
            capacity = CAPACITY,
            batch = "deductAll",
            batchSize = BATCH)
    @DistributedTx
    static CompletableFuture<Boolean> deduct(byte[] payload) {
        throw new IllegalStateException("stored calls run in deductAll");
    }

    static List<Boolean> deductAll(List<byte[]> calls) throws SQLException {
        COMMITS.increment();
        List<Boolean> answers = new ArrayList<>(calls.size());
        try (Connection connection = pool.getConnection()) {
            long count = count(connection);
            for (int i = 0; i < calls.size(); i++) {
                answers.add(i < count);
            }
            deduct(connection, Math.min(count, calls.size()));
        }
        return answers;
    }

    @Queued(queue = "bench-stock-one", name = "deduct", key = "hot", waitTime = "1m", capacity = CAPACITY)
    @DistributedTx
    static CompletableFuture<Boolean> deductOne(byte[] payload) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return CompletableFuture.completedFuture(deduct(connection, 1));
        }
    }

    /** A commit for each deduction, without a queue. */
    public static void deductAlone() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (deduct(connection, 1)) {
                SOLD.increment();
            }
        }
    }

    private static long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count FROM stock WHERE sku = 'hot' FOR UPDATE")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static boolean deduct(Connection connection, long count) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE stock SET count = count - ? WHERE sku = 'hot' AND count >= ?")) {
            update.setLong(1, count);
            update.setLong(2, count);
            return update.executeUpdate() == 1;
        }
    }

    /** The transactions of the batches so far. */
    public static long commits() {
        return COMMITS.sum();
    }

    /** @throws IllegalStateException if more or less was deducted than callers were told */
    public static void check() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            long deducted = STOCK - count(connection);
            if (deducted != SOLD.sum()) {
                throw new IllegalStateException(deducted + " deducted, but " + SOLD.sum() + " answered as sold");
            }
        }
    }
}
