package io.floodlock.examples.chaos.worker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs sections under locks. Each section writes into a ledger when it entered and when it left. The commit of that
 * row stands for the work of an application: a section whose lock is lost before the commit must not commit.
 */
final class LockWorker {

    /**
     * Longest time for an acquisition: the wait for the lock, or for Redis's reply or the first connection, and a
     * reserve for a busy machine.
     */
    private static final long PATIENCE_MILLIS = 9_000;

    private static final int THREADS = 6;
    /**
     * With this length of sections most keys are held at any moment, so that a fault that stops a JVM stops holders.
     */
    private static final int LONGEST_MILLIS = 150;

    /** One of this many sections may last as long as a lease and longer. */
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
        watch.expects("waiting for a lock", PATIENCE_MILLIS);
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
        watch.expects("releasing a lock", PATIENCE_MILLIS);
    }

    /** Prints for each key whether it is free. */
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
