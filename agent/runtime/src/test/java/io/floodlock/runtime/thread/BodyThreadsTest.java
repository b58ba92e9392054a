package io.floodlock.runtime.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Few threads for many tasks, and enough for tasks that wait for one another. */
@Timeout(60)
class BodyThreadsTest {

    private static final int AT_ONCE = 3;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final Made made = new Made();
    private BodyThreads threads = new BodyThreads(made, AT_ONCE, NO_LIMIT, Duration.ofMinutes(5));

    @AfterEach
    void shutdown() {
        threads.shutdown();
    }

    /** Counts threads. */
    private static final class Made implements ThreadFactory {
        final AtomicInteger all = new AtomicInteger();
        final AtomicBoolean refuses = new AtomicBoolean();

        @Override
        public Thread newThread(Runnable task) {
            if (refuses.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            all.incrementAndGet();
            return AgentThreads.daemon("body", task);
        }
    }

    @Test
    void fewRunWhatManyGive() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(5_000);
        for (int i = 0; i < 5_000; i++) {
            threads.execute(() -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.yield();
                now.decrementAndGet();
                done.countDown();
            });
        }
        done.await();
        assertTrue(most.get() <= AT_ONCE, "at once " + most);
        assertTrue(made.all.get() <= AT_ONCE + 1, "threads " + made.all);
    }

    /** Each waits for the one given after it. */
    @Test
    void tasksThatWaitForLaterOnesGetThreadsForThem() {
        threads = new BodyThreads(made, AT_ONCE, NO_LIMIT, Duration.ofMillis(20));
        assertEquals(40, chain(40).join().size());
        assertTrue(made.all.get() <= 41, "threads " + made.all);
    }

    /** The control is the test above: without a limit, tasks that block get a thread each. */
    @Test
    void anUpperLimitHoldsHoweverManyTasksBlock() throws Exception {
        threads = new BodyThreads(made, AT_ONCE, 5, Duration.ofMillis(1));
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger began = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(40);
        for (int i = 0; i < 40; i++) {
            threads.execute(() -> {
                began.incrementAndGet();
                await(gate);
                done.countDown();
            });
        }
        while (began.get() < 5) {
            Thread.onSpinWait();
        }
        assertTrue(threads.isFull());
        // given while all threads are stuck: no thread is made for these either
        for (int i = 0; i < 40; i++) {
            threads.execute(() -> {});
        }
        gate.countDown();
        done.await();
        assertTrue(made.all.get() <= 5, "threads " + made.all);
    }

    /** The control: where nothing ever counts as stuck, they wait for ever. */
    @Test
    void elseTheyNeverEnd() throws Exception {
        CountDownLatch reached = new CountDownLatch(AT_ONCE);
        CompletableFuture<List<Integer>> all = chain(40, reached::countDown);
        reached.await();
        assertEquals(AT_ONCE + 1, made.all.get());
        assertFalse(all.isDone());
    }

    private CompletableFuture<List<Integer>> chain(int length) {
        return chain(length, () -> {});
    }

    private CompletableFuture<List<Integer>> chain(int length, Runnable reached) {
        List<CompletableFuture<Integer>> links = IntStream.range(0, length + 1)
                .mapToObj(i -> new CompletableFuture<Integer>())
                .toList();
        links.get(length).complete(length);
        for (int i = 0; i < length; i++) {
            int number = i;
            threads.execute(() -> {
                reached.run();
                links.get(number + 1).join();
                links.get(number).complete(number);
            });
        }
        return links.get(0).thenApply(first -> {
            List<Integer> all = new ArrayList<>();
            links.subList(0, length).forEach(each -> all.add(each.join()));
            return all;
        });
    }

    @Test
    void whatIsPutFirstOvertakesWhatWaits() throws Exception {
        threads = new BodyThreads(made, 1, NO_LIMIT, Duration.ofMinutes(5));
        CountDownLatch go = new CountDownLatch(1);
        Queue<String> order = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(3);
        threads.execute(() -> await(go));
        for (String name : List.of("a", "b")) {
            threads.execute(() -> {
                order.add(name);
                done.countDown();
            });
        }
        threads.executeFirst(() -> {
            order.add("first");
            done.countDown();
        });
        go.countDown();
        done.await();
        assertEquals(List.of("first", "a", "b"), List.copyOf(order));
    }

    @Test
    void whatFailsEndsNoThread() throws Exception {
        threads.execute(() -> {
            throw new StackOverflowError("in a body");
        });
        CountDownLatch done = new CountDownLatch(1);
        threads.execute(done::countDown);
        done.await();
    }

    @Test
    void aTaskThatNoThreadCanBeMadeForIsRefused() throws Exception {
        made.refuses.set(true);
        AtomicInteger ran = new AtomicInteger();
        assertThrows(OutOfMemoryError.class, () -> threads.execute(ran::incrementAndGet));
        made.refuses.set(false);
        CountDownLatch done = new CountDownLatch(1);
        threads.execute(done::countDown);
        done.await();
        assertEquals(0, ran.get());
    }

    /** One thread could be made, and no other: it runs all, one after the other. */
    @Test
    void withOneThreadAllIsRunNevertheless() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(3);
        threads.execute(() -> {
            begun.countDown();
            await(go);
        });
        begun.await();
        // one that is idle beside it takes these
        for (int i = 0; i < 3; i++) {
            threads.execute(() -> {
                made.refuses.set(true);
                done.countDown();
            });
        }
        done.await();
        go.countDown();
    }

    @Test
    void shutDownItRunsWhatItHas() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            threads.execute(() -> {
                await(go);
                done.countDown();
            });
        }
        threads.shutdown();
        assertThrows(RuntimeException.class, () -> threads.execute(done::countDown));
        go.countDown();
        done.await();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
