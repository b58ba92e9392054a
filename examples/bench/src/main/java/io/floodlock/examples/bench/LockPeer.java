package io.floodlock.examples.bench;

import io.floodlock.examples.bench.locks.LocalLocks;
import io.floodlock.examples.bench.locks.LockJvm;
import io.floodlock.examples.bench.locks.LockedTransactions;
import io.floodlock.examples.bench.locks.PostgresLocks;
import io.floodlock.examples.bench.locks.RedissonLocks;
import io.floodlock.examples.bench.locks.WovenLocks;
import io.floodlock.examples.kit.Agent;
import io.floodlock.testkit.ForkedJvm;
import java.nio.file.Path;

/** The libraries whose locks are measured. */
enum LockPeer {
    FLOODLOCK("floodlock", WovenLocks.class.getName(), ""),
    RLOCK("RLock", RedissonLocks.class.getName(), "RLock"),
    RFENCED_LOCK("RFencedLock", RedissonLocks.class.getName(), "RFencedLock"),
    RSPIN_LOCK("RSpinLock", RedissonLocks.class.getName(), "RSpinLock"),
    RREAD_WRITE_LOCK("RReadWriteLock", RedissonLocks.class.getName(), "RReadWriteLock"),
    SPRING_INTEGRATION("SpringIntegration", LockPeer.ELSEWHERE + "SpringIntegrationLocks", ""),
    LOCK4J("Lock4j", LockPeer.ELSEWHERE + "Lock4jLocks", ""),
    SHEDLOCK("ShedLock", LockPeer.ELSEWHERE + "ShedLocks", ""),
    POSTGRES("PostgreSQL", PostgresLocks.class.getName(), ""),
    /** Transactions under Floodlock's lock. */
    FENCED_TRANSACTION("fenced", LockedTransactions.class.getName(), "fenced"),
    PLAIN_TRANSACTION("plain", LockedTransactions.class.getName(), "plain"),
    REENTRANT_LOCK("ReentrantLock", LocalLocks.class.getName(), ""),
    /** The control: no lock at all, which the check must detect. */
    NONE("none", LocalLocks.class.getName(), "none");

    /** The package of a module whose libraries are on no other class path. */
    private static final String ELSEWHERE = "io.floodlock.examples.peers.";

    static final String MODULE = "examples.peers";

    private final String label;
    private final String className;
    private final String flavor;

    LockPeer(String label, String className, String flavor) {
        this.label = label;
        this.className = className;
        this.flavor = flavor;
    }

    private boolean woven() {
        return this == FLOODLOCK || this == FENCED_TRANSACTION || this == PLAIN_TRANSACTION;
    }

    /** A JVM with these locks, not yet started. */
    ForkedJvm.Builder jvm(Path ledger, BenchContext context) {
        ForkedJvm.Builder jvm = woven()
                ? Agent.jvm(LockJvm.class.getName(), context.redisUrl())
                : ForkedJvm.main(LockJvm.class.getName());
        if (className.startsWith(ELSEWHERE)) {
            Path target = Path.of(System.getProperty(MODULE), "target");
            jvm.classPath(target.resolve("classes"), target.resolve("lib").resolve("*"));
        }
        return jvm.jvmArgs("-Xms256m", "-Xmx1g")
                .property(BenchMain.LOGGING, BenchMain.QUIET)
                .args(className, flavor, ledger.toString(), context.redisUrl(), context.jdbcUrl(0));
    }

    @Override
    public String toString() {
        return label;
    }
}
