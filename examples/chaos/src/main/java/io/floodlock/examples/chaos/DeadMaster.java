package io.floodlock.examples.chaos;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.RedisCluster;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two JVMs queue on a Redis Cluster, one of whose three masters dies and comes back with its data. Meanwhile keys of
 * the other lanes must go on, and afterwards every acknowledged call must run. A third of the lanes and a third of the
 * locks of lanes are on the dead master, so four keys in nine have all they need.
 */
final class DeadMaster {

    private static final int JVMS = 2;
    private static final int WARM_RUNS = 300;

    /** So many that those who wait in vain for other keys do not take all. */
    private static final String CALLERS = "24";

    /** Less than half of the keys that have all they need, as callers wait in vain for the others. */
    private static final int KEYS_TO_GO_ON = 15;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration DEAD = Duration.ofSeconds(12);
    private static final Duration UNNOTICED = Duration.ofSeconds(4);
    private static final Duration RUN_LIMIT = Duration.ofSeconds(30);

    private final CallLedger ledger;
    private final String url;

    DeadMaster(CallLedger ledger, String url) {
        this.ledger = ledger;
        this.url = url;
    }

    /** What happened, for people; the ledger has the violations. */
    String run() throws InterruptedException {
        List<ForkedJvm> jvms = new ArrayList<>();
        try (RedisCluster cluster =
                RedisCluster.start(3, 0, "appendonly yes", "appendfsync no", "cluster-require-full-coverage no")) {
            for (int i = 1; i <= JVMS; i++) {
                jvms.add(QueueChaos.worker(Variant.PROTECTED, cluster.url(), url)
                        .property("chaos.jvm", "cluster-" + i)
                        .property("chaos.threads", CALLERS)
                        .keepLines(1)
                        .start());
            }
            long before = ledger.firstRuns();
            long begin = System.nanoTime();
            while (ledger.firstRuns() - before < WARM_RUNS) {
                look(Duration.ofMillis(50));
                if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
                    ledger.violation("only " + (ledger.firstRuns() - before) + " calls run on a whole cluster");
                    return "no call runs on a cluster";
                }
            }
            RedisServer dying = cluster.masters().get(2);
            dying.kill();
            look(UNNOTICED);
            long noticed = System.nanoTime();
            look(DEAD.minus(UNNOTICED));
            long wentOn = ledger.keysSince(noticed);
            if (wentOn < KEYS_TO_GO_ON) {
                ledger.violation("only " + wentOn + " keys went on while one of three masters was dead");
            }
            dying.restart();
            long back = System.nanoTime();
            while (ledger.awaits(back) && System.nanoTime() - back < RUN_LIMIT.toNanos()) {
                look(Duration.ofMillis(50));
            }
            ledger.giveUp(back);
            return wentOn + " keys went on without a master";
        } finally {
            jvms.forEach(ForkedJvm::close);
            ledger.forget();
        }
    }

    private void look(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            ledger.look();
            Thread.sleep(50);
        }
    }
}
