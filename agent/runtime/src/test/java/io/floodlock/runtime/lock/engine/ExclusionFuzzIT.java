package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads of several JVMs change data that nothing but the locks protects. The seed is printed; {@code -Dfuzz.seed=...}
 * repeats a choice of keys and modes.
 */
@Timeout(120)
class ExclusionFuzzIT {

    private static final int JVMS = 3;
    private static final int THREADS = 4;
    private static final int ROUNDS = 150;
    private static final int KEYS = 3;

    /** Changed in two steps with room for others between them; read by shared holders, who must never see it half done. */
    private static final class Account {
        volatile int value;
        volatile boolean changing;

        void add() {
            changing = true;
            int read = value;
            Thread.yield();
            value = read + 1;
            changing = false;
        }
    }

    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger torn = new AtomicInteger();
    private final Account[] accounts = new Account[KEYS];

    @Test
    void nothingIsLostUnderTheLocksAndTheSameRunWithoutThemLosesUpdates() throws Exception {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.println("ExclusionFuzzIT fuzz.seed=" + seed);
        try (RedisServer server = RedisServer.start()) {
            List<TestJvm> jvms = new ArrayList<>();
            for (int i = 0; i < JVMS; i++) {
                jvms.add(new TestJvm(server.url(), "10s"));
            }
            try {
                run(seed, jvms);
                assertEquals(writes.get(), total(), "updates lost");
                assertEquals(0, torn.get(), "readers saw a change under way");

                int lost = 0;
                for (int i = 0; i < 20 && lost == 0; i++) {
                    run(seed + i, List.of());
                    lost = writes.get() - total() + torn.get();
                }
                assertTrue(lost > 0, "the same run without locks must lose something, or it proves nothing");
            } finally {
                jvms.forEach(TestJvm::close);
            }
        }
    }

    private int total() {
        int sum = 0;
        for (Account account : accounts) {
            sum += account.value;
        }
        return sum;
    }

    private void run(long seed, List<TestJvm> jvms) throws InterruptedException {
        writes.set(0);
        torn.set(0);
        for (int i = 0; i < KEYS; i++) {
            accounts[i] = new Account();
        }
        List<Thread> threads = new ArrayList<>();
        for (int j = 0; j < JVMS; j++) {
            TestJvm jvm = jvms.isEmpty() ? null : jvms.get(j);
            for (int t = 0; t < THREADS; t++) {
                Random random = new Random(seed + j * 31L + t);
                Thread thread = new Thread(() -> work(jvm, random));
                threads.add(thread);
                thread.start();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void work(TestJvm jvm, Random random) {
        for (int i = 0; i < ROUNDS; i++) {
            int a = random.nextInt(KEYS);
            int b = random.nextInt(KEYS);
            boolean reads = random.nextInt(3) == 0;
            LockScope scope = jvm == null ? null : reads ? jvm.share("k" + a, "k" + b) : jvm.lock("k" + a, "k" + b);
            if (reads) {
                for (int look = 0; look < 3; look++) {
                    if (accounts[a].changing || accounts[b].changing) {
                        torn.incrementAndGet();
                    }
                    Thread.yield();
                }
            } else {
                accounts[a].add();
                accounts[b].add();
                writes.addAndGet(2);
            }
            if (scope != null) {
                scope.verify();
                scope.close();
            }
        }
    }
}
