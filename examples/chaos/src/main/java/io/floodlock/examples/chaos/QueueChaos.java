package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Agent;
import io.floodlock.examples.kit.Progress;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Queued calls between several JVMs, each of which produces and consumes, while faults hit these JVMs, their Redis and
 * the links between them. Some calls are long, hang, fail or carry a megabyte; a tenth is of one key; JVMs change
 * between two versions of the application. The violations are: an acknowledged call was lost, or has not run
 * 30 seconds after the last fault; calls of one key ran out of order; an operation hangs; a JVM does not recover; and
 * those of {@link DeadMaster} and {@link Successor}. The control is the same run with Redisson's blocking queue.
 */
final class QueueChaos implements Chaos {

    private static final int JVMS = 3;
    private static final Duration LEASE = Duration.ofSeconds(1);

    /** Longest time until all acknowledged calls have run once no fault is in progress. */
    private static final Duration RUN_LIMIT = Duration.ofSeconds(30);

    private static final String WORKER = "io.floodlock.examples.chaos.worker.QueueWorker";

    /** The database only records the calls; acknowledged commits need not survive its end. */
    private static final Map<String, String> QUICK = Map.of("fsync", "off", "synchronous_commit", "off");

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public Outcome run(Variant variant, Duration time, Random random, Progress progress) throws Exception {
        try (PostgresServer postgres = PostgresServer.start(QUICK)) {
            String url = postgres.createDatabase("ledger");
            try (Connection connection = DriverManager.getConnection(url)) {
                CallLedger.create(connection);
                return new Run(variant, url, connection, random, progress).run(time);
            }
        }
    }

    private static final class Run {

        private final boolean agent;
        private final String url;
        private final Random random;
        private final Progress progress;
        private final Connection connection;
        private final Map<Member, Integer> versions = new ConcurrentHashMap<>();
        private CallLedger ledger;
        private long begin;

        Run(Variant variant, String url, Connection connection, Random random, Progress progress) {
            this.agent = variant == Variant.PROTECTED;
            this.url = url;
            this.connection = connection;
            this.random = random;
            this.progress = progress;
        }

        Outcome run(Duration time) throws Exception {
            try (Fleet fleet = new Fleet(LEASE, this::look)) {
                ledger = new CallLedger(connection, fleet.amnesia());
                Faults faults = new Faults();
                LockFaults.addTo(faults, fleet, random);
                faults.add("deploy another version", () -> deploy(fleet));
                fleet.start(JVMS, agent ? "queue" : "queue-control", this::program);
                fleet.afterCalm(() -> settle(fleet));
                begin = System.nanoTime();
                Storm.blow(fleet, faults, random, time, () -> agent || ledger.violations() > 0);
                fleet.end();
                look();
                ledger.examples().forEach(System.out::println);
                long violations = ledger.violations();
                String details = ledger + ", " + fleet.details() + faults.absent();
                if (agent) {
                    CallLedger further = new CallLedger(connection, new Amnesia(0));
                    String master = new DeadMaster(further, url).run();
                    faults.count("kill one of three masters");
                    String successor = new Successor(further, url).run();
                    faults.count("kill the only consumer");
                    further.examples().forEach(System.out::println);
                    violations += fleet.violations() + further.violations();
                    details += "; " + master + "; " + successor + "; " + further;
                }
                return new Outcome(faults.counts(), ledger.acknowledged(), violations, details);
            }
        }

        private void look() {
            if (begin != 0) {
                progress.at((System.nanoTime() - begin) / 1_000_000_000);
            }
            ledger.look();
        }

        /** Waits until all calls of the time with faults have run. */
        private void settle(Fleet fleet) throws InterruptedException {
            long calm = System.nanoTime();
            while (ledger.awaits(calm) && System.nanoTime() - calm < RUN_LIMIT.toNanos()) {
                fleet.work(Duration.ofMillis(50));
            }
            ledger.giveUp(calm);
        }

        /**
         * Ends a JVM in an orderly way and starts it in the other version. The first keeps the second version, so that
         * the calls of that version can run.
         */
        private boolean deploy(Fleet fleet) {
            Member member = fleet.members().get(1 + random.nextInt(JVMS - 1));
            if (!member.isUp() || !member.leave()) {
                return false;
            }
            int version = versions.merge(member, 1, (old, one) -> 3 - old);
            member.note("terminated for version " + version);
            fleet.later(Duration.ZERO, () -> {
                fleet.terminate(member);
                member.start();
            });
            return true;
        }

        private ForkedJvm.Builder program(Member member) {
            int version = versions.computeIfAbsent(member, any -> member.number() == 1 ? 2 : 1);
            return worker(agent, "redis://127.0.0.1:" + member.link().port(), url)
                    .property("chaos.jvm", Integer.toString(member.number()))
                    .property("chaos.version", Integer.toString(version));
        }
    }

    /** A JVM that produces and consumes until its standard input ends. */
    static ForkedJvm.Builder worker(boolean agent, String redis, String ledger) {
        ForkedJvm.Builder jvm = agent ? Agent.jvm(WORKER, redis) : ForkedJvm.main(WORKER);
        return jvm.jvmArgs("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .property("floodlock.lease", LEASE.toSeconds() + "s")
                .property("floodlock.shutdown-wait", "2s")
                .property("floodlock.queue.drain", "3s")
                .property("chaos.queueing", agent ? "floodlock" : "redisson")
                .property("chaos.redis", redis)
                .property("chaos.jvm", "0")
                .property("chaos.threads", "4")
                .property("chaos.version", "1")
                .property("chaos.ledger", ledger);
    }
}
