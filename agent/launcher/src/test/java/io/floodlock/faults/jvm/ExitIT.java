package io.floodlock.faults.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.LockTimeoutException;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Everything;
import io.floodlock.faults.app.Jobs;
import io.floodlock.faults.app.Locks;
import io.floodlock.faults.app.Transactions;
import io.floodlock.testkit.ForkedJvm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a JVM with the agent ends: when its application does, with the application's status, having handed over its work. */
@OnEachJdk
class ExitIT extends SharedRedis {

    private static final int SIGTERM_STATUS = 128 + 15;

    private static Ledger one;
    private static Ledger two;

    @BeforeAll
    static void createDatabases() {
        one = Servers.ledger();
        two = Servers.ledger();
    }

    @Test
    void endsWhenMainEnds() {
        assertEquals(0, statusOfMain("end"));
        assertEquals(1, one.count(namespace));
        assertEquals(1, two.count(namespace));
    }

    @Test
    void keepsTheStatusOfSystemExit() {
        assertEquals(7, statusOfMain("exit"));
    }

    @Test
    void keepsTheStatusOfAnExceptionFromMain() {
        assertEquals(1, statusOfMain("throw"));
    }

    private int statusOfMain(String how) {
        try (ForkedJvm jvm = settings(ForkedJvm.main(Everything.class.getName())
                        .classPath(
                                ClassPath.of(Everything.class),
                                ClassPath.of(io.floodlock.PessimisticLock.class),
                                ClassPath.jdbc().get(0),
                                ClassPath.jdbc().get(1),
                                ClassPath.jdbc().get(2)))
                .args(namespace, how)
                .start()) {
            int status = jvm.awaitExit();
            assertTrue(jvm.lines().contains("say\tall done"), jvm::output);
            return status;
        }
    }

    private ForkedJvm.Builder settings(ForkedJvm.Builder jvm) {
        return jvm.jdk(jdk)
                .jvmArgs("-javaagent:" + ClassPath.agentJar())
                .property("floodlock.redis", redis.url())
                .property("floodlock.namespace", namespace)
                .property("floodlock.queue.home", "one")
                .property("db.one", one.url())
                .property("db.two", two.url());
    }

    @Test
    void systemExitInALockedBodyFreesTheLock() {
        try (Program app = app(Locks.class).setting("shutdown-wait", "0").start();
                Program other = app(Locks.class).start()) {
            other.call("lock", "b").value();
            app.begin("exit", "a", "9");
            app.awaitSaid("exiting");
            assertEquals(9, app.jvm().awaitExit());
            assertEquals("locked", other.call("lockAtOnce", "a").value());
        }
    }

    @Test
    void systemExitInATransactionRollsBack() {
        try (Program app = app(Transactions.class).setting("shutdown-wait", "0").start()) {
            app.begin("exit", namespace, "9");
            app.awaitSaid("exiting");
            assertEquals(9, app.jvm().awaitExit());
        }
        assertEquals(0, one.count(namespace) + two.count(namespace));
        assertEquals(0, one.prepared().size() + two.prepared().size());
    }

    @Test
    void systemExitInAQueuedBodyKeepsTheStatus() {
        try (Program app = app(Jobs.class).setting("queue.drain", "250ms").start()) {
            app.call("exit", "9").value();
            app.awaitSaid("exiting");
            assertEquals(9, app.jvm().awaitExit());
        }
    }

    @Test
    void terminationLetsRunningBodiesFinishAndHandsTheRestOver() {
        try (Program first = app(Jobs.class).start()) {
            first.call("write", namespace, "go on").value();
            first.awaitSaid("running " + namespace);
            first.call("write", namespace, "go on").value();

            first.jvm().terminate();
            try (Program second = app(Jobs.class).start()) {
                second.call("load").value();
                // the second call of the key waits for the first, wherever it would run
                first.go("go on");
                assertEquals(SIGTERM_STATUS, first.jvm().awaitExit());
                assertTrue(first.said("wrote " + namespace), first.jvm()::output);

                second.awaitSaid("running " + namespace);
                second.go("go on");
                second.awaitSaid("wrote " + namespace);
                assertEquals(2, one.count(namespace), "one line of each call");
            }
        }
    }

    @Test
    void terminationWaitsForOpenScopes() {
        try (Program first = app(Locks.class).start();
                Program second = app(Locks.class).start()) {
            second.call("lock", "b").value();
            first.begin("hold", "a", "let go");
            first.awaitSaid("holding a");
            first.jvm().terminate();
            second.call("lockAtOnce", "a").threw(LockTimeoutException.class);
            first.go("let go");
            assertEquals(SIGTERM_STATUS, first.jvm().awaitExit());
            assertEquals("locked", second.call("lockAtOnce", "a").value());
        }
    }

    private Program.Builder app(Class<?> verbs) {
        return program(verbs).database("one", one.url()).database("two", two.url());
    }
}
