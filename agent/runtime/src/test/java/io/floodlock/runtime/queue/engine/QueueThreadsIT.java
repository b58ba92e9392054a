package io.floodlock.runtime.queue.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which threads run what of a queue, how many there are, and what happens if one can't be made. */
class QueueThreadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static RedisServer redis;

    /** The methods under test, and what they saw. */
    static final class Bodies {
        static volatile QueueEngine.Site noteSite;
        static volatile QueueEngine.Site stageSite;
        static volatile QueueEngine.Site addSite;

        static final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        static volatile Supplier<CompletionStage<String>> stages;

        static void note(String key, int number) {
            if (noteSite.enter(null, new Object[] {key, number}) != null) {
                return;
            }
            notes.add(key + ":" + number);
            if (key.equals("failing")) {
                throw new IllegalStateException("fails");
            }
        }

        @SuppressWarnings("unchecked")
        static CompletionStage<String> stage(String key) {
            Object[] stored = (Object[]) stageSite.enter(null, new Object[] {key});
            return stored != null ? (CompletionStage<String>) stored[0] : stages.get();
        }

        @SuppressWarnings("unchecked")
        static CompletableFuture<Integer> add(int a, int b) {
            Object[] stored = (Object[]) addSite.enter(null, new Object[] {a, b});
            return stored != null ? (CompletableFuture<Integer>) stored[0] : CompletableFuture.completedFuture(a + b);
        }
    }

    /** Real workers, of which none can be started for a while. */
    private static final class Refusing extends AbstractExecutorService {

        private final ExecutorService real = QueueThreads.workers();
        private final AtomicInteger refusals = new AtomicInteger();
        private volatile Supplier<? extends Throwable> refusal;

        @Override
        public void execute(Runnable task) {
            Supplier<? extends Throwable> now = refusal;
            if (now == null) {
                real.execute(task);
                return;
            }
            refusals.incrementAndGet();
            Throwable thrown = now.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }

        @Override
        public void shutdown() {
            real.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return real.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return real.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return real.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return real.awaitTermination(timeout, unit);
        }
    }

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private final List<TestEngine> engines = new ArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Refusing workers = new Refusing();

    @BeforeEach
    void fresh() {
        redis.cli("FLUSHALL");
        Bodies.notes.clear();
    }

    @AfterEach
    void closeEngines() {
        gate.countDown();
        workers.refusal = null;
        engines.forEach(TestEngine::close);
    }

    private TestEngine engine(String... more) {
        TestEngine engine = new TestEngine(redis.url(), workers, more);
        engines.add(engine);
        return engine;
    }

    private static QueueEngine.Site register(TestEngine engine, String method, UnaryOperator<TestEngine.Spec> changes) {
        return engine.register(MethodHandles.lookup(), Bodies.class, method, s -> {
            s.key = (self, arguments) -> String.valueOf(arguments[0]);
            return changes.apply(s);
        });
    }

    private static int owned(TestEngine engine) {
        return engine.queues.consumers().stream()
                .mapToInt(consumer -> consumer.owned().size())
                .sum();
    }

    // ---- threads that can't be made ----

    @Test
    void aThreadThatTheSystemRefusesLosesNoLane() {
        runsOnceThreadsCanBeMade(() -> new OutOfMemoryError("unable to create native thread (injected)"));
    }

    @Test
    void aTaskThatThePoolRefusesLosesNoLane() {
        runsOnceThreadsCanBeMade(() -> new RejectedExecutionException("refused (injected)"));
    }

    private void runsOnceThreadsCanBeMade(Supplier<? extends Throwable> refusal) {
        TestEngine engine = engine();
        Bodies.noteSite = register(engine, "note", s -> s);
        Await.until("all lanes", LIMIT, () -> owned(engine) == 4);

        workers.refusal = refusal;
        for (int i = 0; i < 32; i++) {
            Bodies.note("k" + i, i);
        }
        Await.until("threads to be asked for again and again", LIMIT, () -> workers.refusals.get() > 3);

        assertEquals(4, owned(engine));
        assertEquals(0, Bodies.notes.size());
        workers.refusal = null;
        Await.until(() -> "all bodies, not " + Bodies.notes, LIMIT, () -> Bodies.notes.size() == 32);
    }

    /** The stage is complete, and for the moment no thread can tell its lane. */
    @Test
    void aStageThatCompletesWhileNoThreadCanBeMadeIsSettledLater() throws Exception {
        CompletableFuture<String> running = new CompletableFuture<>();
        Bodies.stages = () -> running;
        TestEngine engine = engine();
        Bodies.stageSite = register(engine, "stage", s -> s);
        CompletionStage<String> result = Bodies.stage("a");
        Await.until("the body to return", LIMIT, () -> running.getNumberOfDependents() > 0);

        workers.refusal = () -> new OutOfMemoryError("unable to create native thread (injected)");
        running.complete("done");
        Await.until("a refused step", LIMIT, () -> workers.refusals.get() > 0);
        workers.refusal = null;

        assertEquals("done", result.toCompletableFuture().get(20, TimeUnit.SECONDS));
    }

    // ---- code of the application ----

    /** The application's own clean-up blocks, as it does when its database is away. */
    @Test
    void callbacksOfAStageThatTookTooLongStopNothing() {
        AtomicInteger cleaning = new AtomicInteger();
        Bodies.stages = () -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            stage.whenComplete((value, thrown) -> {
                cleaning.incrementAndGet();
                await(gate);
            });
            return stage;
        };
        TestEngine engine = engine();
        Bodies.stageSite = register(engine, "stage", s -> {
            s.timeout = Duration.ofMillis(50);
            s.attempts = 1;
            return s;
        });
        Bodies.noteSite = register(engine, "note", s -> {
            s.attempts = 3;
            return s;
        });

        Bodies.stage("a");
        Await.until("the clean-up to begin", LIMIT, () -> cleaning.get() == 1);
        Bodies.note("failing", 1);

        // its retries and its dead letter need the timer
        Await.until(() -> "two dead calls, not " + engine.dead, LIMIT, () -> engine.dead.size() == 2);
        assertEquals(3, Bodies.notes.size());
    }

    @Test
    void theTimeoutCountsThoughTheStageCannotBeCancelled() {
        AtomicInteger runs = new AtomicInteger();
        Bodies.stages = () -> {
            runs.incrementAndGet();
            return new CompletableFuture<String>().minimalCompletionStage();
        };
        TestEngine engine = engine();
        Bodies.stageSite = register(engine, "stage", s -> {
            s.timeout = Duration.ofMillis(50);
            s.attempts = 2;
            return s;
        });

        Bodies.stage("a");

        Await.until("the dead letter", LIMIT, () -> engine.dead.size() == 1);
        assertTrue(engine.dead.get(0).contains("longer than 50 ms"), engine.dead.get(0));
        assertEquals(2, runs.get());
        Await.until(
                "no worker to be left",
                LIMIT,
                () -> engine.queues.consumers().stream().allMatch(consumer -> consumer.running() == 0));
    }

    /** The control is the next test: continuations that block do get further threads, up to the bound. */
    @Test
    void continuationsThatBlockTakeABoundedNumberOfThreads() {
        assumeTrue(Runtime.version().feature() < 21, "virtual threads need no bound");
        UnaryOperator<TestEngine.Spec> oneWorker = s -> {
            s.workers = 1;
            return s;
        };
        Bodies.addSite = register(engine("queue.mode", "produce-only"), "add", oneWorker);
        Set<Thread> before = resultThreads();
        AtomicInteger blocked = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(Bodies.add(i, 1).thenAccept(sum -> {
                blocked.incrementAndGet();
                await(gate);
            }));
        }
        // only now: what is hung on a future that is complete would run, and block, here
        Bodies.addSite = register(engine(), "add", oneWorker);
        Await.until("the bound to be reached", LIMIT, () -> blocked.get() == Continuations.STUCK_PER_WORKER);

        Set<Thread> now = resultThreads();
        now.removeAll(before);
        assertEquals(Continuations.STUCK_PER_WORKER, now.size());
        gate.countDown();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        assertEquals(100, blocked.get());
    }

    private static Set<Thread> resultThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("floodlock-queue-results"))
                .collect(Collectors.toSet());
    }

    @Test
    void continuationsMayWaitForResultsBehindThem() throws Exception {
        Bodies.addSite = register(engine(), "add", s -> {
            s.workers = 1;
            return s;
        });
        CompletableFuture<Integer> chain = CompletableFuture.completedFuture(0);
        for (int i = 0; i < Continuations.STUCK_PER_WORKER - 1; i++) {
            CompletableFuture<Integer> behind = chain;
            chain = Bodies.add(i, 1).thenApply(sum -> sum + behind.join());
        }
        assertEquals(28, chain.get(20, TimeUnit.SECONDS));
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
