package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Agent;
import io.floodlock.examples.kit.Progress;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.WireProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Queued calls between several JVMs, each of which produces and consumes, while faults hit these JVMs, their Redis and
 * the links between them. Some calls are long, hang, fail, carry a megabyte or make further calls; a tenth is of one
 * key; JVMs change between two versions of the application; the queue gets more or fewer lanes. Bodies write into a
 * database, whose links are cut and delayed at commits. The violations are: an acknowledged call was lost, or has not
 * run 30 seconds after the last fault; a call took effect twice; calls of one key ran out of order; an operation hangs;
 * a JVM does not recover; and those of {@link DeadMaster} and {@link Successor}. The control is the same run whose
 * bodies have no transaction.
 */
final class QueueChaos implements Chaos {

    private static final int JVMS = 3;
    private static final int MOST_LANES = 32;
    private static final Duration LEASE = Duration.ofSeconds(1);

    /** Longest time until all acknowledged calls have run once no fault is in progress. */
    private static final Duration RUN_LIMIT = Duration.ofSeconds(30);

    /** Gives each queued body a transaction of its own. */
    private static final Path RULES = rules("distributedTx: @annotation(io.floodlock.Queued)"
            + " && within(io.floodlock.examples.chaos.worker..*) timeout=10s");

    private static final String WORKER = "io.floodlock.examples.chaos.worker.QueueWorker";

    /** The database only records the calls; acknowledged commits need not survive its end. */
    private static final Map<String, String> QUICK = Map.of("fsync", "off", "synchronous_commit", "off");

    private static Path rules(String line) {
        try {
            Path file = Files.createTempFile("queue", ".rules");
            file.toFile().deleteOnExit();
            return Files.writeString(file, line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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
                return new Run(variant, postgres, url, connection, random, progress).run(time);
            }
        }
    }

    private static final class Run {

        private final Variant variant;
        private final PostgresServer postgres;
        private final String url;
        private final Map<Member, List<WireProxy>> links = new ConcurrentHashMap<>();
        private final Random random;
        private final Progress progress;
        private final Connection connection;
        private final Map<Member, Integer> versions = new ConcurrentHashMap<>();
        private CallLedger ledger;
        private long begin;

        Run(
                Variant variant,
                PostgresServer postgres,
                String url,
                Connection connection,
                Random random,
                Progress progress) {
            this.variant = variant;
            this.postgres = postgres;
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
                DatabaseFaults.addTo(faults, fleet, random, links, sql -> sql.startsWith("INSERT INTO ran"));
                fleet.beforeCalm(() -> links.values().forEach(all -> all.forEach(WireProxy::forget)));
                faults.add("deploy another version", () -> deploy(fleet));
                faults.add("change the lanes", () -> changeLanes(fleet));
                fleet.start(JVMS, "queue-" + variant.label(), this::program);
                fleet.afterCalm(() -> settle(fleet));
                begin = System.nanoTime();
                Storm.blow(fleet, faults, random, time, () -> variant == Variant.PROTECTED || ledger.violations() > 0);
                fleet.end();
                look();
                ledger.examples().forEach(System.out::println);
                long violations = ledger.violations();
                String details = ledger + ", " + fleet.details() + faults.absent();
                if (variant == Variant.PROTECTED) {
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
            } finally {
                links.values().forEach(all -> all.forEach(WireProxy::close));
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

        /** Calls are made, and faults go on, while the lanes change. */
        private boolean changeLanes(Fleet fleet) {
            Member member = fleet.anyUp(random);
            if (member == null) {
                return false;
            }
            int lanes = 1 + random.nextInt(MOST_LANES);
            member.note("asked to change the lanes to " + lanes);
            return member.send("lanes " + lanes);
        }

        private ForkedJvm.Builder program(Member member) {
            int version = versions.computeIfAbsent(member, any -> member.number() == 1 ? 2 : 1);
            WireProxy database = links.computeIfAbsent(member, any -> List.of(WireProxy.postgres(postgres.port())))
                    .get(0);
            return worker(variant, "redis://127.0.0.1:" + member.link().port(), url)
                    .property("chaos.effects", database.through(url))
                    .property("chaos.jvm", Integer.toString(member.number()))
                    .property("chaos.version", Integer.toString(version));
        }
    }

    /** A JVM that produces and consumes until its standard input ends. */
    static ForkedJvm.Builder worker(Variant variant, String redis, String ledger) {
        ForkedJvm.Builder jvm = Agent.jvm(WORKER, redis);
        if (variant == Variant.PROTECTED) {
            jvm.property("floodlock.rules", RULES.toString()).property("floodlock.queue.home", "effects");
        }
        return jvm.jvmArgs("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .property("floodlock.lease", LEASE.toSeconds() + "s")
                .property("floodlock.shutdown-wait", "2s")
                .property("floodlock.queue.drain", "3s")
                .property("chaos.jvm", "0")
                .property("chaos.threads", "4")
                .property("chaos.version", "1")
                .property("chaos.effects", ledger)
                .property("chaos.ledger", ledger);
    }
}
