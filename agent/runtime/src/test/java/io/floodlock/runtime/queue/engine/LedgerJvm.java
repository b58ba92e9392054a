package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.queue.QueueEngine;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.redisson.Redisson;
import org.redisson.api.RBlockingQueue;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** A JVM of the fault tests: consumes, and writes down what its bodies do. Arguments: Redis, ledger, what to do. */
final class LedgerJvm {

    static volatile QueueEngine.Site noteSite;
    static volatile QueueEngine.Site sumSite;
    static volatile Ledger ledger;

    private LedgerJvm() {}

    public static void main(String[] args) throws Exception {
        ledger = new Ledger(Path.of(args[1]));
        if (args[2].equals("plain")) {
            consumePlainQueue(args[0]);
        } else {
            TestEngine engine = new TestEngine(args[0], "lease", "1s");
            register(engine, true);
            System.out.println("ready");
        }
        new CountDownLatch(1).await();
    }

    static void register(TestEngine engine, boolean keyed) {
        noteSite = engine.register(MethodHandles.lookup(), LedgerJvm.class, "note", s -> {
            s.key = keyed ? (self, arguments) -> String.valueOf(arguments[0]) : null;
            s.attempts = 2;
            s.waitTime = java.time.Duration.ofSeconds(20);
            return s;
        });
        sumSite = engine.register(MethodHandles.lookup(), LedgerJvm.class, "sum", s -> s);
    }

    static void note(String key, int number) throws InterruptedException {
        if (noteSite.enter(null, new Object[] {key, number}) != null) {
            return;
        }
        run(key, number);
    }

    @SuppressWarnings("unchecked")
    static CompletableFuture<Long> sum(List<Integer> numbers) {
        Object[] stored = (Object[]) sumSite.enter(null, new Object[] {numbers});
        return stored != null
                ? (CompletableFuture<Long>) stored[0]
                : CompletableFuture.completedFuture(
                        numbers.stream().mapToLong(Integer::longValue).sum());
    }

    private static void run(String key, int number) throws InterruptedException {
        if (key.startsWith("poison")) {
            Runtime.getRuntime().halt(9);
        }
        if (key.startsWith("hang")) {
            System.out.println("hanging");
            new CountDownLatch(1).await();
        }
        // the body waits for the disk, so that a JVM is killed in the middle of bodies
        ledger.began(key, number);
        ledger.ran(key, number);
    }

    /** What a plain list does with the calls of a consumer that is killed. */
    private static void consumePlainQueue(String url) throws InterruptedException {
        Config config = new Config();
        config.useSingleServer().setAddress(url);
        config.setCodec(StringCodec.INSTANCE);
        RBlockingQueue<String> queue = Redisson.create(config).getBlockingQueue("plain");
        System.out.println("ready");
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        String[] call = queue.take().split(":");
                        run(call[0], Integer.parseInt(call[1]));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }
}
