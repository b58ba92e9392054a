package io.floodlock.faults.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.LockTimeoutException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Jobs;
import io.floodlock.faults.app.Locks;
import io.floodlock.faults.app.Transactions;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.HeldMessage;
import io.floodlock.testkit.WireProxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A JVM is killed in the middle of something, and another goes on where it must. Each test has its control: the same run
 * without the agent loses or tears what is protected here.
 */
@OnEachJdk
class KilledJvmIT extends SharedRedis {

    private final Ledger one = Servers.ledger();
    private final Ledger two = Servers.ledger();

    @Test
    void lockOfAKilledHolderIsFreeAfterItsLease() {
        try (Program holder = app(Locks.class).start();
                Program waiter = app(Locks.class).start()) {
            holder.begin("write", "a", namespace, "commit");
            holder.awaitSaid("written " + namespace);
            waiter.call("lock", "b").value();
            waiter.call("lockAtOnce", "a").threw(LockTimeoutException.class, "item:a");

            holder.jvm().kill();

            assertEquals("locked", waiter.call("lock", "a").value());
            assertEquals(0, one.count(namespace));
        }
    }

    @Test
    void unprotectedHolderExcludesNobody() {
        try (Program holder = app(Locks.class).withoutAgent().start();
                Program waiter = app(Locks.class).withoutAgent().start()) {
            holder.begin("write", "a", namespace, "commit");
            holder.awaitSaid("written " + namespace);
            assertEquals("locked", waiter.call("lockAtOnce", "a").value());
        }
    }

    @Test
    void messageOfAKilledConsumerIsRunByAnother() {
        try (Program first = app(Jobs.class).start()) {
            first.call("write", namespace, "go on").value();
            first.awaitSaid("running " + namespace);
            try (Program second = app(Jobs.class).start()) {
                second.call("load").value();

                first.jvm().kill();

                second.awaitSaid("running " + namespace);
                second.go("go on");
                second.awaitSaid("wrote " + namespace);
                assertEquals(1, one.count(namespace));
            }
        }
    }

    @Test
    void unprotectedCallDiesWithItsJvm() {
        try (Program first = app(Jobs.class).withoutAgent().start();
                Program second = app(Jobs.class).withoutAgent().start()) {
            first.begin("write", namespace, "go on");
            first.awaitSaid("running " + namespace);
            second.call("load").value();

            first.jvm().kill();

            assertEquals(0, one.count(namespace));
        }
    }

    @Test
    void decidedTransactionOfAKilledJvmIsFinishedByAnother() {
        try (WireProxy proxy = WireProxy.postgres(Servers.postgresPort())) {
            try (Program first = throughProxy(proxy).start()) {
                first.call("both", namespace + "-first").value();
                HeldMessage phaseTwo =
                        proxy.at(sql -> sql.startsWith("COMMIT PREPARED")).hold();
                first.begin("transfer", namespace);
                phaseTwo.awaitArrival();
                first.jvm().kill();
            }
            assertEquals(1, one.count(namespace), "decided");
            assertEquals(0, two.count(namespace), "not yet finished");
            assertEquals(1, two.prepared().size());
            try (Program second = app(Transactions.class).start()) {
                second.call("both", namespace + "-second").value();
                Await.until(
                        () -> "the branch is finished; recovery said\n"
                                + second.jvm().output(),
                        Duration.ofSeconds(60),
                        () -> two.count(namespace) == 1);
                assertTrue(two.prepared().isEmpty());
            }
        }
    }

    @Test
    void unprotectedTransferIsTorn() {
        try (WireProxy proxy = WireProxy.postgres(Servers.postgresPort())) {
            HeldMessage secondCommit = proxy.at(sql -> sql.equals("COMMIT")).hold();
            try (Program first = throughProxy(proxy).withoutAgent().start()) {
                first.begin("transfer", namespace);
                secondCommit.awaitArrival();
                first.jvm().kill();
            }
            assertEquals(1, one.count(namespace));
            assertEquals(0, two.count(namespace));
            assertTrue(two.prepared().isEmpty(), "nothing is left to finish it by");
        }
    }

    private Program.Builder throughProxy(WireProxy proxy) {
        return app(Transactions.class).property("db.two", proxy.through(two.url()));
    }

    private Program.Builder app(Class<?> verbs) {
        return program(verbs).setting("lease", "1s").database("one", one.url()).database("two", two.url());
    }
}
