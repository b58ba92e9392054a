package io.floodlock.runtime.call.around;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.Ownership;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.tx.CommitWork;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxHome;
import io.floodlock.runtime.tx.TxScope;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The order of concerns around a body, and what reaches the caller when several of them fail. */
class WovenCallTest {

    private final List<String> log = new ArrayList<>();
    private RuntimeException onAcquire;
    private RuntimeException onVerify;
    private RuntimeException onBegin;
    private RuntimeException onEnd;

    void move(long from, long to) {}

    private static final Rule LOCKS =
            Rule.annotation(Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("a:{from}", "a:{to}")));

    private List<Rule> rules = List.of(LOCKS, Rule.annotation(Kind.DISTRIBUTED_TX, Map.of()));

    @Test
    void locksSurroundTheTransaction() throws Exception {
        run(null);
        assertEquals(
                List.of(
                        "lock [LockRequest[name=a:1, mode=EXCLUSIVE, form=a:{}], LockRequest[name=a:2, mode=EXCLUSIVE,"
                                + " form=a:{}]] PT10S",
                        "begin",
                        "body",
                        "end null",
                        "verify",
                        "unlock"),
                log);
    }

    @Test
    void nothingRunsWithoutTheLocks() {
        onAcquire = new IllegalStateException("busy");
        assertSame(onAcquire, assertThrows(RuntimeException.class, () -> run(null)));
        assertEquals(1, log.size());
    }

    @Test
    void locksAreGivenBackWhereTheTransactionCannotBegin() {
        onBegin = new IllegalStateException("no");
        assertSame(onBegin, assertThrows(RuntimeException.class, () -> run(null)));
        assertEquals(List.of("begin", "unlock"), log.subList(1, log.size()));
    }

    @Test
    void whatTheBodyThrewReachesTheCallerWithWhatFailedAfterIt() {
        onEnd = new IllegalStateException("rollback failed");
        var thrown = new IOException("body");
        assertSame(thrown, assertThrows(IOException.class, () -> run(thrown)));
        assertSame(onEnd, thrown.getSuppressed()[0]);
        assertEquals("unlock", log.get(log.size() - 1));
    }

    @Test
    void aCommitThatFailedReachesTheCallerAndLocksAreGivenBack() {
        onEnd = new IllegalStateException("commit failed");
        assertSame(onEnd, assertThrows(RuntimeException.class, () -> run(null)));
        assertEquals("unlock", log.get(log.size() - 1));
    }

    @Test
    void aLostLockFailsACallWhoseBodyReturned() {
        onVerify = new IllegalStateException("lost");
        assertSame(onVerify, assertThrows(RuntimeException.class, () -> run(null)));
        assertEquals("unlock", log.get(log.size() - 1));
    }

    @Test
    void withoutATransactionLocksAreAskedAndGivenBackAllTheSame() throws Exception {
        rules = List.of(LOCKS);
        run(null);
        assertEquals(List.of("body", "verify", "unlock"), log.subList(1, log.size()));
        log.clear();
        onVerify = new IllegalStateException("lost");
        assertSame(onVerify, assertThrows(RuntimeException.class, () -> run(null)));
        assertEquals("unlock", log.get(log.size() - 1));
    }

    @Test
    void aBodyThatIsOnlyQueuedRunsUnderNothing() throws Exception {
        rules = List.of(Rule.annotation(Kind.QUEUED, Map.of()));
        run(null);
        assertEquals(List.of("body"), log);
    }

    private void run(Exception thrown) throws Exception {
        Method method = WovenCallTest.class.getDeclaredMethod("move", long.class, long.class);
        CallSpec spec =
                new CallSpec(WovenCallTest.class.getName(), "move", "(JJ)V", false, List.of("from", "to"), rules);
        Recording engines = new Recording();
        WovenCall call = new WovenCall(CallPlan.of(spec), MethodHandles.lookup(), method, engines);
        Object permit = call.enter(this, new Object[] {1L, 2L});
        log.add("body");
        new ScopeExit(engines, getClass(), "move").exit(permit, thrown);
        if (thrown != null) {
            throw thrown;
        }
    }

    private static void fail(RuntimeException with) {
        if (with != null) {
            throw with;
        }
    }

    /** Engines that only tell in which order they were asked; the real ones have tests against real servers. */
    private final class Recording implements Engines, LockEngine, TxEngine {

        @Override
        public LockScope acquire(List<LockRequest> requests, LockTerms terms) {
            log.add("lock " + requests + " " + terms.waitTime());
            fail(onAcquire);
            return new LockScope() {
                @Override
                public long token() {
                    return 1;
                }

                @Override
                public long token(String name) {
                    return 1;
                }

                @Override
                public void verify() {
                    log.add("verify");
                    fail(onVerify);
                }

                @Override
                public Entered enter() {
                    throw new AssertionError();
                }

                @Override
                public void close() {
                    log.add("unlock");
                }
            };
        }

        @Override
        public Pending acquireAsync(List<LockRequest> requests, LockTerms terms, Listener listener) {
            throw new AssertionError();
        }

        @Override
        public Pending acquireAgain(LockScope scope, Listener listener) {
            throw new AssertionError();
        }

        @Override
        public TxScope enter(TxAttributes attributes, HomeWork work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CommitWork atCommit(Supplier<CommitWork> make) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<TxHome> homes() {
            throw new UnsupportedOperationException();
        }

        @Override
        public TxHome home(String called, String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TxScope enter(TxAttributes attributes) {
            log.add("begin");
            fail(onBegin);
            return thrown -> {
                log.add("end " + (thrown == null ? null : thrown.getMessage()));
                fail(onEnd);
            };
        }

        @Override
        public LockEngine locks() {
            return this;
        }

        @Override
        public TxEngine transactionsIfStarted() {
            return this;
        }

        @Override
        public void doom(String why) {
            throw new AssertionError();
        }

        @Override
        public TxEngine transactions() {
            return this;
        }

        @Override
        public void connectSoon() {
            // it is no concern of a call
        }

        @Override
        public QueueEngine queues() {
            throw new AssertionError();
        }

        @Override
        public void recoverTransactions() {}

        @Override
        public LockEngine locksIfStarted() {
            return this;
        }

        @Override
        public LockScope current() {
            return null;
        }

        @Override
        public void verifyCurrent() {}

        @Override
        public List<FenceClaim> claims() {
            return List.of();
        }

        @Override
        public Optional<Ownership> tryOwn(String name, Ownership.Listener listener) {
            throw new AssertionError();
        }

        @Override
        public String currentId() {
            return null;
        }

        @Override
        public Connection wrap(
                Object source,
                Class<?> site,
                Connection connection,
                Function<FloodlockFailure, RuntimeException> toCaller) {
            return connection;
        }

        @Override
        public Connection reuse(Object source, Class<?> site, Function<FloodlockFailure, RuntimeException> toCaller) {
            return null;
        }

        @Override
        public void close() {}
    }
}
