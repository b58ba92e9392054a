package io.floodlock.examples.chaos.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sections under locks, each of which writes into a ledger from when to when it was inside. What it was inside for is done by
 * that commit, as an application's work is: a section whose lock is lost before must not commit.
 */
final class LockWorker {

    /** Waiting for the lock, or for Redis's answer or first connection, and then some for a busy machine. */
    private static final long PATIENCE_MILLIS = 9_000;

    private static final int THREADS = 6;
    /** Most keys are held at any moment then, so that whatever stops a JVM stops holders. */
    private static final int LONGEST_MILLIS = 150;

    /** One of so many lasts as long as a lease and more. */
    private static final int LONG_ONES = 40;

    private static final int LONGEST_OF_THEM_MILLIS = 1_500;

    private final Locking locking = Locking.of(System.getProperty("chaos.locking"), System.getProperty("chaos.redis"));
    private final int jvm = Integer.getInteger("chaos.jvm");
    private final int keys = Integer.getInteger("chaos.keys");
    private final HikariDataSource ledger;

    private LockWorker() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getProperty("chaos.ledger"));
        config.setMaximumPoolSize(THREADS);
        ledger = new HikariDataSource(config);
    }

    public static void main(String[] args) throws Exception {
        LockWorker worker = new LockWorker();
        if (args.length > 0 && args[0].equals("probe")) {
            worker.probe();
            System.exit(0);
        }
        Workload.run(THREADS, worker::section);
    }

    private void section(Watch watch) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String key = key(random.nextInt(keys));
        int kind = random.nextInt(10);
        watch.expects("a lock is waited for", PATIENCE_MILLIS);
        if (kind < 4) {
            locking.exclusive(key, () -> inside(watch, 'x', key));
        } else if (kind < 5) {
            Unchecked.await(locking.exclusiveLater(key, () -> inside(watch, 'x', key)));
        } else if (kind < 8) {
            locking.shared(key, () -> inside(watch, 's', key));
        } else if (kind < 9) {
            String other = key(random.nextInt(keys));
            locking.both(key, other, () -> inside(watch, 'x', key, other));
        } else {
            locking.exclusiveAtOnce(key, () -> inside(watch, 'x', key));
        }
    }

    private static String key(int number) {
        return "chaos:" + number;
    }

    private void inside(Watch watch, char mode, String... held) throws SQLException, InterruptedException {
        watch.rests();
        long entered = System.nanoTime();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Thread.sleep(random.nextInt(random.nextInt(LONG_ONES) == 0 ? LONGEST_OF_THEM_MILLIS : LONGEST_MILLIS));
        long left = System.nanoTime();
        try (Connection connection = ledger.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("INSERT INTO section VALUES (?, ?, ?, ?, ?)")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < held.length; i++) {
                if (i > 0 && held[i].equals(held[0])) {
                    continue;
                }
                statement.setString(1, held[i]);
                statement.setString(2, String.valueOf(mode));
                statement.setInt(3, jvm);
                statement.setLong(4, entered);
                statement.setLong(5, left);
                statement.executeUpdate();
            }
            connection.commit();
        }
        watch.expects("a lock is given back", PATIENCE_MILLIS);
    }

    /** Tells of each key whether it is free. */
    private void probe() {
        for (int i = 0; i < keys; i++) {
            String key = key(i);
            try {
                locking.exclusiveAtOnce(key, () -> {});
                System.out.println("@free " + key);
            } catch (Exception e) {
                System.out.println("@busy " + key + " " + e);
            }
        }
    }
}
