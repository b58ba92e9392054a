package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many transfers at once between two pools that are smaller than the callers are many, under audit. */
class ConcurrencyIT {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int THREADS = 4;
    private static final int TRANSFERS = 60;

    @Test
    void noAuditEverSeesHalfATransfer() throws Exception {
        System.out.println("ConcurrencyIT -Dseed=" + SEED);
        try (Transactions engine = new Transactions(Settings.of(Map.of("namespace", "sum")), Events.NONE, () -> null);
                Bank a = Bank.pooled(engine, Servers.shared(0));
                Bank b = Bank.pooled(engine, Servers.shared(1))) {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
            AtomicInteger running = new AtomicInteger(THREADS);
            AtomicInteger rolledBack = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(SEED + i);
                all.add(threads.submit(() -> {
                    try {
                        for (int n = 0; n < TRANSFERS; n++) {
                            transfer(engine, a, b, random, rolledBack);
                        }
                    } finally {
                        running.decrementAndGet();
                    }
                    return null;
                }));
            }
            AtomicInteger audits = new AtomicInteger();
            all.add(threads.submit(() -> {
                while (running.get() > 0) {
                    assertEquals(20_000, audit(engine, a, b));
                    audits.incrementAndGet();
                }
                return null;
            }));
            for (Future<?> one : all) {
                one.get();
            }
            threads.shutdown();
            assertTrue(audits.get() > 0);
            assertEquals(
                    20_000,
                    a.number("SELECT sum(balance) FROM account") + b.number("SELECT sum(balance) FROM account"));
            assertEquals(0, a.prepared() + b.prepared());
            assertEquals(
                    THREADS * TRANSFERS - rolledBack.get() + audits.get(), a.decisions('C'), "FOR SHARE writes too");
            assertEquals(0, a.pool().getHikariPoolMXBean().getActiveConnections());
        }
    }

    private static void transfer(Transactions engine, Bank a, Bank b, Random random, AtomicInteger rolledBack)
            throws Exception {
        int from = 1 + random.nextInt(10);
        int to = 1 + random.nextInt(10);
        int amount = random.nextInt(100) - 50;
        boolean fails = random.nextInt(5) == 0;
        try {
            Scopes.run(engine, () -> {
                a.add(from, -amount);
                b.add(to, amount);
                if (fails) {
                    throw new IllegalStateException("on purpose");
                }
            });
        } catch (IllegalStateException e) {
            rolledBack.incrementAndGet();
        }
    }

    private static long audit(Transactions engine, Bank a, Bank b) throws Exception {
        return Scopes.call(engine, Scopes.required(), () -> sum(a) + sum(b));
    }

    private static long sum(Bank bank) throws Exception {
        try (Connection connection = bank.connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT balance FROM account ORDER BY id FOR SHARE")) {
            long sum = 0;
            while (rows.next()) {
                sum += rows.getLong(1);
            }
            return sum;
        }
    }
}
