package io.floodlock.runtime.tx.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.tx.TxPropagation;
import io.floodlock.runtime.tx.recovery.RecoveryTiming;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.HeldMessage;
import io.floodlock.testkit.WireProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broken connections and dead JVMs at each step of the protocol; faults come from a proxy on the wire and from signals. */
class FaultsIT {

    private static final Predicate<String> PREPARE = sql -> sql.startsWith("PREPARE TRANSACTION");
    private static final Predicate<String> DECIDE = sql -> sql.startsWith("INSERT INTO") && sql.contains("'C'");
    private static final Predicate<String> FINISH = sql -> sql.startsWith("COMMIT PREPARED");

    private static final Duration RECOVERED = Duration.ofSeconds(30);

    private final List<String> inDoubt = new CopyOnWriteArrayList<>();

    private WireProxy proxy;
    private Transactions engine;
    private Bank a;
    private Bank b;
    private Bank besideA;
    private Bank besideB;

    /** Bank a hosts decisions; both are reached through the proxy. */
    @BeforeEach
    void open() {
        proxy = WireProxy.postgres(Servers.first().port());
        engine = engine();
        String first = Servers.shared(0);
        String second = Servers.shared(1);
        besideA = Bank.simple(engine, first);
        besideB = Bank.simple(engine, second);
        a = Bank.pooled(engine, throughProxy(first));
        b = Bank.pooled(engine, throughProxy(second));
    }

    private Transactions engine() {
        Events events = new Events() {
            @Override
            public void branchInDoubt(String gid, String branch) {
                inDoubt.add(gid);
            }
        };
        return new Transactions(
                Settings.of(Map.of("namespace", "faults")), events, () -> null, new RecoveryTiming(300, 1_000, 200));
    }

    private String throughProxy(String url) {
        return proxy.through(url);
    }

    @AfterEach
    void close() {
        engine.close();
        a.close();
        b.close();
        proxy.close();
    }

    private void transfer() throws Exception {
        transfer(Duration.ofSeconds(30));
    }

    private void transfer(Duration timeout) throws Exception {
        Scopes.run(engine, Scopes.attributes(TxPropagation.REQUIRED, timeout), () -> {
            a.add(1, -10);
            b.add(1, 10);
        });
    }

    private void assertBalances(long first, long second) {
        assertEquals(List.of(first, second), List.of(besideA.balance(1), besideB.balance(1)));
    }

    private void awaitNothingPrepared() {
        Await.until(
                () -> "recovery; prepared: " + besideA.prepared() + ", " + besideB.prepared(),
                RECOVERED,
                () -> besideA.prepared() + besideB.prepared() == 0);
    }

    @Test
    void aLostReplyToTheDecisionIsFoundOut() throws Exception {
        proxy.at(DECIDE).cutReply();
        transfer();
        assertBalances(990, 1010);
        awaitNothingPrepared();
    }

    @Test
    void aDecisionThatNeverArrivedIsAbortedForEver() {
        proxy.at(DECIDE).cut();
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, this::transfer);
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failure.kind());
        awaitNothingPrepared();
        assertBalances(1000, 1000);
        assertEquals(1, besideA.decisions('A'));
    }

    @Test
    void anUnreachableDecisionIsToldAsUnknownAndSettledLater() throws Exception {
        transfer();
        proxy.at(DECIDE).doing(this::refuseSoon).cutReply();
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, this::transfer);
        assertEquals(Failure.TRANSACTION_OUTCOME_UNKNOWN, failure.kind());
        assertTrue(failure.getMessage().contains("fl1:faults:"), failure::getMessage);
        proxy.accepting();
        awaitNothingPrepared();
        long first = besideA.balance(1);
        assertEquals(2000, first + besideB.balance(1), "torn");
    }

    /** Lets what is under way reach the server, and nothing else in. */
    private void refuseSoon() {
        long before = besideA.decisions('C');
        Thread thread = new Thread(() -> {
            Await.until("the decision", Duration.ofSeconds(10), () -> besideA.decisions('C') > before);
            proxy.refuse();
        });
        thread.setDaemon(true);
        proxy.stopAccepting();
        thread.start();
    }

    @Test
    void aBranchThatCannotBeToldIsRecoverys() throws Exception {
        proxy.at(FINISH).cut();
        transfer();
        assertEquals(1, inDoubt.size(), "event");
        assertEquals(990, besideA.balance(1));
        awaitNothingPrepared();
        assertBalances(990, 1010);
    }

    /** The database hangs, it does not fail: the caller is not kept for ever, and the pool gets no such connection back. */
    @Test
    void aBranchThatDoesNotAnswerIsRecoverys() throws Exception {
        HeldMessage held = proxy.at(FINISH).hold();
        transfer();
        assertEquals(1, inDoubt.size(), "event");
        assertEquals(0, b.pool().getHikariPoolMXBean().getActiveConnections());
        held.release();
        awaitNothingPrepared();
        assertBalances(990, 1010);
        transfer();
        assertBalances(980, 1020);
    }

    @Test
    void aLostReplyToPrepareRollsBackAndLeavesNothing() {
        proxy.at(PREPARE).cutReply();
        FloodlockFailure failure = assertThrows(FloodlockFailure.class, this::transfer);
        assertEquals(Failure.TRANSACTION_ROLLED_BACK, failure.kind());
        awaitNothingPrepared();
        assertBalances(1000, 1000);
    }

    @Test
    void aJvmKilledBeforeTheDecisionLeavesNothing() {
        killAt(DECIDE, "5s");
        assertEquals(1, besideB.prepared(), "the kill struck between prepare and decision");
        engine.recover();
        see();
        awaitNothingPrepared();
        assertBalances(1000, 1000);
        assertEquals(1, besideA.decisions('A'));
    }

    @Test
    void aJvmKilledAfterTheDecisionIsFinishedByAnother() {
        killAt(FINISH, "30s");
        assertEquals(1, besideB.prepared(), "the kill struck between decision and phase 2");
        assertBalances(990, 1000);
        engine.recover();
        see();
        awaitNothingPrepared();
        assertBalances(990, 1010);
    }

    /** Positive control: the same kill at the same place, without the scope, tears the transfer for good. */
    @Test
    void withoutTheScopeAKilledJvmLeavesItTorn() {
        HeldMessage held = proxy.at(sql -> sql.startsWith("UPDATE") && besideA.balance(1) == 990)
                .hold();
        try (ForkedJvm jvm = transferring("30s", "plain")) {
            held.awaitArrival();
            jvm.kill();
        }
        assertBalances(990, 1000);
    }

    @Test
    void aHostThatSleptThroughItsDeadlineCannotDecideAnyMore() {
        HeldMessage held = proxy.at(DECIDE).hold();
        try (ForkedJvm jvm = transferring("5s", "scope")) {
            held.awaitArrival();
            jvm.pause();
            engine.recover();
            see();
            awaitNothingPrepared();
            assertEquals(1, besideA.decisions('A'));
            held.release();
            jvm.resume();
            jvm.awaitLine(line -> line.contains("TRANSACTION_ROLLED_BACK"));
        }
        assertBalances(1000, 1000);
        assertEquals(0, besideA.decisions('C'));
    }

    private void killAt(Predicate<String> statement, String timeout) {
        HeldMessage held = proxy.at(statement).hold();
        try (ForkedJvm jvm = transferring(timeout, "scope")) {
            held.awaitArrival();
            jvm.kill();
        }
    }

    private ForkedJvm transferring(String timeout, String how) {
        return ForkedJvm.main(Transferring.class.getName())
                .args(a.url(), b.url(), timeout, how)
                .jvmArgs("-XX:TieredStopAtLevel=1")
                .start();
    }

    /** This JVM's recovery knows the databases it has seen connections of. */
    private void see() {
        besideA.balanceThroughAgent();
        besideB.balanceThroughAgent();
    }
}
