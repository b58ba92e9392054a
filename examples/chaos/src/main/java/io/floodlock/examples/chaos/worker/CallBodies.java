package io.floodlock.examples.chaos.worker;

import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/** What queued calls do, whichever queue runs them. Thread-safe. */
final class CallBodies {

    private static final int LONGEST_QUICK_MILLIS = 4;
    private static final int PACED_MILLIS = 20;
    private static final int SLOW_MILLIS = 2_000;
    private static final long FOREVER_MILLIS = 3_600_000;

    private static volatile CallBook book;

    private CallBodies() {}

    /** Called once, before the first body can run. */
    static void writeTo(CallBook ledger) {
        book = ledger;
    }

    static void run(CallKind kind, String key, String producer, int number) throws Exception {
        switch (kind) {
            case HANGING -> Thread.sleep(FOREVER_MILLIS);
            case POISONOUS -> throw new IllegalStateException("a poisonous call");
            case SLOW -> Thread.sleep(SLOW_MILLIS);
            case PACED -> Thread.sleep(PACED_MILLIS);
            default -> Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_QUICK_MILLIS));
        }
        ran(key, producer, number);
        if (kind == CallKind.CHAINING) {
            String chain = producer + ".chain";
            book.makes(key, chain, number);
            QueuedCalls.chained(key, chain, number);
        }
    }

    static void ran(String key, String producer, int number) throws SQLException {
        book.ran(key, producer, number);
    }

    /** Makes a call in a transaction of plain JDBC. */
    static void local(String key, String producer, int number) throws Exception {
        String local = producer + ".local";
        book.makesInTransaction(key, local, number, () -> QueuedCalls.quick(key, local, number));
    }
}
