package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What needs no database; and, in classes of their own, what does. */
public final class WithoutJdbc {

    private static int count;

    private WithoutJdbc() {}

    /** Of what four threads have added under a lock. */
    static int count() throws InterruptedException {
        List<Thread> threads = List.of(
                new Thread(WithoutJdbc::add),
                new Thread(WithoutJdbc::add),
                new Thread(WithoutJdbc::add),
                new Thread(WithoutJdbc::add));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return count;
    }

    private static void add() {
        for (int i = 0; i < 50; i++) {
            addOne("all");
        }
    }

    @PessimisticLock(key = "counter:{name}", waitTime = "1m")
    private static void addOne(String name) {
        int seen = count;
        Thread.yield();
        count = seen + 1;
    }

    static String store(String text) throws Exception {
        return stored(text).get(1, TimeUnit.MINUTES);
    }

    @Queued(key = "{text}")
    private static CompletableFuture<String> stored(String text) {
        return CompletableFuture.completedFuture("ran " + text);
    }

    /** Whether that class loads. */
    static String load(String name) throws ClassNotFoundException {
        try {
            Class.forName(WithoutJdbc.class.getName() + "$" + name);
            return "loaded";
        } catch (LinkageError refused) {
            return "refused";
        }
    }

    static final class Transacted {

        private Transacted() {}

        @DistributedTx
        static void run() {}
    }

    static final class Fenced {

        private Fenced() {}

        @PessimisticLock(key = "a", fenced = true)
        static void run() {}
    }
}
