package io.floodlock.runtime.queue.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.testkit.Await;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A consumer's call is recognised whatever an interceptor does between it and the body, or it ends with the reason. The
 * bodies enter and leave their site as woven code does.
 */
class ConsumedCallTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Thrown where a call would be stored. */
    private static final class Stored extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final QueueRegistry queue = new QueueRegistry(
            "q",
            false,
            () -> {
                throw new Stored();
            },
            () -> null,
            workers -> Runnable::run);
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final ExecutorService consumer = Executors.newSingleThreadExecutor();
    private final TargetResolver instances = new TargetResolver();
    private final QueueSite work = site("work", Bean.class, String.class);
    private final QueueSite count = site("count", Bean.class, int.class);

    /** What the interceptor does with the rest of the call; by default it passes it on. */
    private volatile Consumer<Consumer<String>> interceptor;

    private volatile Consumer<String> body = text -> {};

    class Bean {
        void work(String text) {
            woven(work, this, text, () -> body.accept(text));
        }

        void count(int number) {
            woven(count, this, number, () -> body.accept("" + number));
        }
    }

    /** As a container's proxy. */
    class Intercepted extends Bean {
        @Override
        void work(String text) {
            interceptor.accept(changed -> super.work(changed == null ? text : changed));
        }

        @Override
        void count(int number) {
            interceptor.accept(same -> super.count(number));
        }
    }

    /** Has a queued method that overrides one. */
    class Overriding extends Bean {
        private final QueueSite own = site("own", Overriding.class, String.class);

        @Override
        void work(String text) {
            woven(own, this, text, () -> super.work(text));
        }
    }

    private void woven(QueueSite site, Object self, Object argument, Runnable rest) {
        try {
            if (site.enter(self, new Object[] {argument}) != null) {
                return;
            }
        } catch (Stored e) {
            log.add("stored " + argument);
            return;
        }
        log.add("runs " + argument);
        try {
            rest.run();
        } catch (RuntimeException e) {
            site.left(e);
            throw e;
        }
        site.left(null);
    }

    private QueueSite site(String name, Class<?> owner, Class<?> parameter) {
        try {
            return queue.register(new QueuedMethod(
                    "q",
                    name,
                    owner.getDeclaredMethod(name.equals("own") ? "work" : name, parameter),
                    MethodHandles.lookup(),
                    null,
                    10,
                    false,
                    false,
                    0,
                    null,
                    Duration.ZERO,
                    Duration.ofSeconds(1),
                    5,
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    List.of(),
                    null,
                    1,
                    null,
                    null,
                    failure -> failure));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stop() {
        other.shutdownNow();
        consumer.shutdownNow();
    }

    /** A text of its own, as a decoder makes one. */
    private static String decoded(String text) {
        return new StringBuilder(text).toString();
    }

    private ConsumedCall run(String text) {
        return work.run(Target.direct(new Intercepted()), new Object[] {decoded(text)}, null);
    }

    private ConsumedCall run(int number) {
        return count.run(Target.direct(new Intercepted()), new Object[] {number}, null);
    }

    @Test
    void aCallThatIsPassedOnIsTheBody() throws Throwable {
        interceptor = rest -> rest.accept(null);
        ConsumedCall run = run("a");

        run.call();

        assertNull(run.over(null));
        assertEquals(List.of("runs a"), log);
    }

    @Test
    void changedArgumentsAreTheBodys() throws Throwable {
        interceptor = rest -> rest.accept("changed");
        ConsumedCall run = run("a");

        run.call();

        assertNull(run.over(null));
        assertEquals(List.of("runs changed"), log);
    }

    @Test
    void aRepetitionRunsTheBodyAgain() throws Throwable {
        body = text -> {
            if (log.size() == 1) {
                throw new IllegalStateException("first");
            }
        };
        interceptor = rest -> {
            assertThrows(IllegalStateException.class, () -> rest.accept(null));
            rest.accept(null);
        };
        ConsumedCall run = run("a");

        run.call();

        assertNull(run.over(null));
        assertEquals(List.of("runs a", "runs a"), log);
    }

    /** A control: what the body calls is stored, on its thread and on others, though the arguments are the same. */
    @Test
    void callsThatTheBodyMakesAreStored() throws Throwable {
        Intercepted bean = new Intercepted();
        interceptor = rest -> rest.accept(null);
        body = text -> {
            bean.work(text);
            await(other.submit(() -> bean.work(text)));
        };
        ConsumedCall run = work.run(Target.direct(bean), new Object[] {decoded("a")}, null);

        run.call();

        assertEquals(List.of("runs a", "stored a", "stored a"), log);
    }

    /** A control: another thread's call of an equal text, while this one is due, is its own. */
    @Test
    void anotherCallIsStored() throws Throwable {
        interceptor = rest -> {
            await(other.submit(() -> new Bean().work(decoded("a"))));
            rest.accept(null);
        };
        ConsumedCall run = run("a");

        run.call();

        assertEquals(List.of("stored a", "runs a"), log);
    }

    @Test
    void theBodyMayRunOnAnotherThread() throws Throwable {
        interceptor = rest -> await(other.submit(() -> rest.accept(null)));
        ConsumedCall run = run("a");

        run.call();

        assertNull(run.over(null));
        assertEquals(List.of("runs a"), log);
    }

    @Test
    void theConsumerWaitsForABodyThatBeginsLater() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        body = text -> await(end);
        interceptor = rest -> other.execute(() -> {
            await(begin);
            rest.accept(null);
        });
        Future<?> outcome = consumed("a");

        begin.countDown();
        Await.until("the body to run", LIMIT, () -> log.contains("runs a"));
        assertTrue(!outcome.isDone(), "the body has not ended");
        end.countDown();

        assertNull(outcome.get(20, TimeUnit.SECONDS));
        assertEquals(List.of("runs a"), log);
    }

    @Test
    void theFailureOfABodyOnAnotherThreadIsTheRuns() throws Exception {
        IllegalStateException failure = new IllegalStateException("body");
        body = text -> {
            throw failure;
        };
        interceptor = rest -> other.execute(() -> {
            try {
                rest.accept(null);
            } catch (IllegalStateException e) {
                log.add("told nobody");
            }
        });

        assertSame(failure, consumed("a").get(20, TimeUnit.SECONDS));
    }

    private Future<Throwable> consumed(String text) {
        return consumer.submit(() -> {
            ConsumedCall run = run(text);
            try {
                run.call();
                return run.over(null);
            } catch (Throwable e) {
                return run.over(e);
            }
        });
    }

    @Test
    void aBodyThatBeginsTooLateIsRefused() throws Throwable {
        List<Runnable> kept = new ArrayList<>();
        interceptor = rest -> kept.add(() -> rest.accept(null));
        ConsumedCall run =
                new ConsumedCall(work, Target.direct(new Intercepted()), new Object[] {decoded("a")}, null, 1);

        run.call();

        UnreachedBodyException why = assertInstanceOf(UnreachedBodyException.class, run.over(null));
        assertTrue(why.getMessage().contains("Bean.work through " + Intercepted.class.getName()), why.getMessage());
        ExecutionException late = assertThrows(
                ExecutionException.class, () -> other.submit(kept.get(0)).get(20, TimeUnit.SECONDS));
        assertEquals(
                Failure.DEAD_LETTER,
                assertInstanceOf(FloodlockFailure.class, late.getCause()).kind());
        assertEquals(List.of(), log);
    }

    /** A number is nobody's own: the other thread's call can't be told from any other. */
    @Test
    void aCallThatGoesRoundStops() throws Throwable {
        interceptor = rest -> await(other.submit(() -> rest.accept(null)));
        Intercepted bean = new Intercepted();
        instances.constructed(bean);

        for (int i = 0; i < SiteRuns.UNREACHED; i++) {
            assertSame(bean, count.target(instances).instance());
            ConsumedCall run = run(7);
            run.call();
            assertInstanceOf(UnreachedBodyException.class, run.over(null));
        }

        TargetMissingException stopped = assertThrows(TargetMissingException.class, () -> count.target(instances));
        assertEquals(TargetMissingException.Reason.UNREACHED, stopped.reason());
        assertTrue(stopped.getMessage().contains("Put @Queued on a method"), stopped.getMessage());
        assertEquals(SiteRuns.UNREACHED, log.size());
    }

    /** A control: an interceptor that answers now and then in place of the method stops nothing. */
    @Test
    void unreachedRunsThatAreNotInARowStopNothing() throws Throwable {
        Intercepted bean = new Intercepted();
        instances.constructed(bean);
        for (int i = 0; i < 3 * SiteRuns.UNREACHED; i++) {
            boolean passes = i % 2 == 0;
            interceptor = rest -> {
                if (passes) {
                    rest.accept(null);
                }
            };
            ConsumedCall run = run(i);
            run.call();
            assertEquals(passes, run.over(null) == null);
        }

        assertSame(bean, count.target(instances).instance());
    }

    @Test
    void anExceptionBeforeTheBodyIsAFailureAsOthers() throws Throwable {
        Intercepted bean = new Intercepted();
        instances.constructed(bean);
        interceptor = rest -> {
            throw new IllegalStateException("not now");
        };
        for (int i = 0; i < 2 * SiteRuns.UNREACHED; i++) {
            ConsumedCall run = run(i);
            IllegalStateException failure = assertThrows(IllegalStateException.class, run::call);
            assertSame(failure, run.over(failure));
        }
        assertSame(bean, count.target(instances).instance());
    }

    @Test
    void aMethodAndTheOneThatItOverridesAreOneBody() throws Throwable {
        Overriding bean = new Overriding();
        ConsumedCall ofBase = work.run(Target.direct(bean), new Object[] {decoded("a")}, null);
        ofBase.call();
        assertNull(ofBase.over(null));
        ConsumedCall ofOverride = bean.own.run(Target.direct(bean), new Object[] {decoded("b")}, null);
        ofOverride.call();
        assertNull(ofOverride.over(null));

        assertEquals(List.of("runs a", "runs a", "runs b", "runs b"), log);
    }

    /** A control: without a consumer both store. */
    @Test
    void anApplicationsCallIsStored() {
        new Overriding().work("a");
        new Bean().work("b");

        assertEquals(List.of("stored a", "stored b"), log);
    }

    private static void await(Future<?> future) {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
