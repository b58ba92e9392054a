package io.floodlock.examples.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.floodlock.examples.bench.queues.Arrivals;
import io.floodlock.examples.bench.queues.DatabaseWork;
import io.floodlock.examples.bench.queues.QueueKind;
import io.floodlock.examples.bench.queues.StockWork;
import io.floodlock.examples.bench.queues.TransactionOutboxWork;
import java.util.Map;

/**
 * What exactly once costs, and calls that are stored if and only if a transaction commits: beside the same work with
 * fewer guarantees, beside another library's outbox, and beside the statements that any implementation needs. And a
 * row of stock that all callers change.
 */
final class QueueAndDatabase {

    private static final String INBOX = "inbox-32";
    private static final String OUTBOX = "outbox-16";
    private static final String HOT_ROW = "hot-row";
    private static final int CALLERS = 32;
    private static final int WORKERS = 16;

    private final BenchContext context;

    QueueAndDatabase(BenchContext context) {
        this.context = context;
    }

    void run() throws Exception {
        boolean inbox = context.runsWithoutGoal(INBOX);
        boolean outbox = context.runsWithoutGoal(OUTBOX);
        boolean hotRow = context.runs(HOT_ROW);
        if (!inbox && !outbox && !hotRow) {
            return;
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(context.jdbcUrl(0));
        config.setMaximumPoolSize(CALLERS);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            DatabaseWork.use(pool);
            if (inbox) {
                inbox();
            }
            if (outbox) {
                outbox(TransactionOutboxWork.callInTransaction(pool));
            }
            if (hotRow) {
                StockWork.use(pool);
                hotRow();
            }
        }
    }

    /** A queued body that inserts one row. */
    private void inbox() throws Exception {
        report(
                INBOX,
                context.rounds()
                        .variant("exactly once", () -> queued(DatabaseWork.exactlyOnce(), CALLERS))
                        .variant("at least once", () -> queued(DatabaseWork.atLeastOnce(), CALLERS))
                        .variant("the body alone", () -> direct(DatabaseWork::insert)));
    }

    /** A transaction that inserts one row and makes one queued call. */
    private void outbox(QueueKind peer) throws Exception {
        report(
                OUTBOX,
                context.rounds()
                        .variant("call in it", () -> queued(DatabaseWork.callInTransaction(), WORKERS))
                        .variant("call after it", () -> queued(DatabaseWork.callAfterTransaction(), WORKERS))
                        .variant("transaction-outbox", () -> queued(peer, WORKERS))
                        .variant("two rows", () -> direct(DatabaseWork::twoRows)));
    }

    /** Deductions of one stock, each answered; a call counts when its caller has the answer. */
    private void hotRow() throws Exception {
        QueueWarmUp.run(context, "batch", StockWork.batched());
        Series perCall = new Series();
        Map<String, Series> series = context.rounds()
                .variant("batch", () -> batched(perCall))
                .variant("one by one", () -> queued(StockWork.oneByOne(), CALLERS))
                .variant("a commit a call", () -> direct(payload -> StockWork.deductAlone()))
                .run();
        StockWork.check();
        series.forEach((variant, one) -> context.report().operations(HOT_ROW + "." + variant, one));
        context.report().add(HOT_ROW + ".commits a call", "commits", perCall);
        Series ours = series.get("batch");
        context.report()
                .ratioGoal(HOT_ROW, ours, "a commit a call", series.get("a commit a call"), Report.Want.atLeast(10));
        context.report().differenceGoal(HOT_ROW + ".rate", ours.median(), "none", 0, Report.Want.atLeast(20_000));
        context.report()
                .differenceGoal(HOT_ROW + ".commits a call", perCall.median(), "none", 0, Report.Want.atMost(0.02));
    }

    private Sample batched(Series perCall) throws Exception {
        long calls = StockWork.batched().arrivals().count();
        long commits = StockWork.commits();
        Sample sample = queued(StockWork.batched(), CALLERS);
        perCall.add(Sample.of((StockWork.commits() - commits)
                / (double) (StockWork.batched().arrivals().count() - calls)));
        return sample;
    }

    private void report(String row, InterleavedRounds rounds) throws Exception {
        Map<String, Series> series = rounds.run();
        series.forEach((variant, one) -> context.report().operations(row + "." + variant, one));
    }

    private Sample queued(QueueKind kind, int callers) throws Exception {
        return QueueRates.endToEnd(kind, callers, context.roundTime());
    }

    private interface Work {
        void on(byte[] payload) throws Exception;
    }

    private Sample direct(Work work) throws Exception {
        byte[] payload = Arrivals.payload(QueueRates.BYTES);
        return Load.run(WORKERS, context.roundTime(), thread -> work.on(payload));
    }
}
