package io.floodlock.examples.chaos.worker;

import io.floodlock.Floodlock;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Produces calls and consumes those of all JVMs. Each thread is one producer, which numbers its calls of each key. The
 * ledger learns of each acknowledged call and of each body that has run.
 */
final class QueueWorker {

    /** Longest time until a call is stored or refused: its {@code waitTime} and a reserve for a busy machine. */
    private static final long PATIENCE_MILLIS = 12_000;

    /** Longest time until a result: a hanging call of the same key ends first, and its lane may move. */
    private static final long RESULT_MILLIS = 60_000;

    private static final int THREADS = Integer.getInteger("chaos.threads");
    private static final int STORING_THREADS = 16;
    private static final int KEYS = 60;
    /** With this pause all threads of a JVM together make about 800 calls a second. */
    private static final int LONGEST_PAUSE_MILLIS = 5 * THREADS / 2;

    private static final String HOT_KEY = "hot";

    private final CallBook book;
    private final boolean second = Integer.getInteger("chaos.version") == 2;
    private final String process =
            System.getProperty("chaos.jvm") + "." + ProcessHandle.current().pid();
    private final ThreadLocal<Map<String, Integer>> numbers = ThreadLocal.withInitial(HashMap::new);

    private QueueWorker() {
        book = new CallBook(System.getProperty("chaos.ledger"), System.getProperty("chaos.effects"));
        CallBodies.writeTo(book);
    }

    public static void main(String[] args) throws Exception {
        QueueWorker worker = new QueueWorker();
        if (worker.second) {
            // its calls of other JVMs can be run from now on, not only after one of its own
            MethodHandles.lookup().ensureInitialized(SecondVersionCalls.class);
        }
        switch (args.length == 0 ? "" : args[0]) {
            case "store" -> worker.store(Integer.parseInt(args[1]));
            case "consume" -> worker.consume();
            default ->
                Workload.run(
                        THREADS,
                        worker::produce,
                        Map.of("lanes", lanes -> Floodlock.changeLanes(QueuedCalls.QUEUE, Integer.parseInt(lanes))));
        }
    }

    /** Stores this number of calls, each of which takes its time, and ends. */
    private void store(int calls) throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < STORING_THREADS; i++) {
            String producer = process + ".store-" + i;
            Thread thread = new Thread(() -> {
                for (int number = next.incrementAndGet(); number <= calls; number = next.incrementAndGet()) {
                    String key = producer + "-" + number % KEYS;
                    Unchecked.run(call(key, producer, number));
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        book.flush();
        System.out.println("@stored");
        System.exit(0);
    }

    private Locking.Body call(String key, String producer, int number) {
        return () -> {
            long begun = System.nanoTime();
            CallsOfKind.call(CallKind.PACED, key, producer, number);
            book.acknowledged(key, producer, number, begun);
        };
    }

    private void consume() throws Exception {
        MethodHandles.lookup().ensureInitialized(QueuedCalls.class);
        System.out.println("@ready");
        while (System.in.read() >= 0) {
            // until standard input ends
        }
        System.exit(0);
    }

    private void produce(Watch watch) throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        CallKind kind = kind(random);
        String key = kind == CallKind.POISONOUS
                ? "poisoned-" + random.nextInt(4)
                : random.nextInt(10) == 0 ? HOT_KEY : "k" + random.nextInt(KEYS);
        String producer = process + "." + Thread.currentThread().getName();
        int number = numbers.get().merge(key, 1, Integer::sum);
        boolean asks = kind == CallKind.ASKING;
        watch.expects(asks ? "waiting for a result" : "storing a call", asks ? RESULT_MILLIS : PATIENCE_MILLIS);
        long begun = System.nanoTime();
        CallsOfKind.call(kind, key, producer, number);
        if (kind.isRecorded()) {
            book.acknowledged(key, producer, number, begun);
        }
    }

    private CallKind kind(ThreadLocalRandom random) {
        int draw = random.nextInt(4_000);
        if (draw < 1) {
            return CallKind.HANGING;
        } else if (draw < 5) {
            return CallKind.SLOW;
        } else if (draw < 15) {
            return CallKind.BIG;
        } else if (draw < 30) {
            return CallKind.POISONOUS;
        } else if (draw < 230 && second) {
            return CallKind.SECOND;
        } else if (draw < 630) {
            return CallKind.ASKING;
        } else if (draw < 1_030) {
            return CallKind.CHAINING;
        } else if (draw < 1_630) {
            return CallKind.TOGETHER;
        } else if (draw < 1_930) {
            return CallKind.LOCAL;
        }
        return CallKind.QUICK;
    }
}
