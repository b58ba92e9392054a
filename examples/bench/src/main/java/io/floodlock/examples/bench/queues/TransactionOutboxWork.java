package io.floodlock.examples.bench.queues;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Instantiator;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import javax.sql.DataSource;

/**
 * The library transaction-outbox: a call is a row of the caller's transaction, and a thread of the same JVM runs it and
 * deletes the row once that has committed. A body that fails is run again by {@code TransactionOutbox.flush}, which no
 * one needs here.
 */
public final class TransactionOutboxWork {

    private static final int WORKERS = 16;

    /** The payload as text, because the library writes an array of bytes as a list of numbers. */
    private static final String PAYLOAD = "0".repeat(200);

    private static final byte[] NO_TIME = new byte[Long.BYTES];

    private TransactionOutboxWork() {}

    /** The scheduled method. */
    interface Body {
        void run(String payload);
    }

    /** Transactions that insert a row and make a call. */
    public static QueueKind callInTransaction(DataSource pool) {
        Arrivals arrivals = new Arrivals();
        Body body = payload -> arrivals.accept(NO_TIME);
        ThreadLocalContextTransactionManager transactions = TransactionManager.fromDataSource(pool);
        TransactionOutbox outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(Dialect.POSTGRESQL_9))
                .instantiator(Instantiator.using(type -> body))
                .submitter(Submitter.withExecutor(BoundedPool.of(WORKERS, DatabaseWork.CAPACITY)))
                .build();
        return QueueKind.of(
                payload -> transactions.inTransactionThrows(transaction -> {
                    DatabaseWork.insert(transaction.connection(), payload);
                    outbox.schedule(Body.class).run(PAYLOAD);
                }),
                arrivals);
    }
}
