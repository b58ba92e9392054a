package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Agent;
import io.floodlock.examples.kit.Progress;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.MariaDbServer;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.WireProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Transactions on PostgreSQL and MariaDB under locks, in several JVMs, while faults hit these JVMs, their Redis and
 * the links between them. A violation is a lost update, a stale commit, or a read that saw half of a write. With
 * fencing there must be none. With Floodlock's locks alone there are a few, which are printed but not counted. The
 * control is the same run with Redisson's locks.
 *
 * <p>Two tenants share the PostgreSQL database and its pool, each with its own schema and role, and both databases
 * are reached through one routing DataSource: a row in another tenant's schema or under another tenant's role is a
 * violation too. In one JVM threads overflow their stacks while they acquire keys; that JVM must continue like the
 * others.
 */
final class FenceChaos implements Chaos {

    private static final int JVMS = 3;
    private static final int CELLS = 4;
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final int OVERFLOWING = 2;
    private static final List<String> TENANTS = List.of("seller", "market");
    private static final String WORKER = "io.floodlock.examples.chaos.worker.FenceWorker";

    /** No fault kills the databases, so acknowledged commits need not be on disk. */
    private static final Map<String, String> QUICK_POSTGRES = Map.of("fsync", "off", "synchronous_commit", "off");

    private static final Map<String, String> QUICK_MARIADB = Map.of("innodb-flush-log-at-trx-commit", "0");

    @Override
    public String name() {
        return "fence";
    }

    @Override
    public Map<Variant, Double> shares() {
        Map<Variant, Double> shares = new EnumMap<>(Variant.class);
        shares.put(Variant.PROTECTED, 0.4);
        shares.put(Variant.UNFENCED, 0.1);
        shares.put(Variant.CONTROL, 0.15);
        return shares;
    }

    @Override
    public Outcome run(Variant variant, Duration time, Random random, Progress progress) throws Exception {
        try (PostgresServer postgres = PostgresServer.start(QUICK_POSTGRES);
                MariaDbServer mariaDb = MariaDbServer.start(QUICK_MARIADB)) {
            return new Run(
                            variant,
                            random,
                            progress,
                            postgres,
                            postgres.createDatabase("cells"),
                            mariaDb,
                            mariaDb.createDatabase("cells"))
                    .run(time);
        }
    }

    private record Run(
            Variant variant,
            Random random,
            Progress progress,
            PostgresServer postgres,
            String inPostgres,
            MariaDbServer mariaDb,
            String inMariaDb) {

        Outcome run(Duration time) throws Exception {
            List<Cells> first = TENANTS.stream()
                    .map(tenant -> Cells.ofTenant(inPostgres, tenant))
                    .toList();
            Cells second = new Cells(inMariaDb, "mariadb");
            for (Cells cells : first) {
                cells.create(CELLS);
            }
            second.create(CELLS);
            long[] begin = new long[1];
            Map<Member, List<WireProxy>> links = new ConcurrentHashMap<>();
            try (Fleet fleet = new Fleet(LEASE, () -> tick(begin[0]))) {
                Faults faults = new Faults();
                LockFaults.addTo(faults, fleet, random);
                // between the read and the write
                DatabaseFaults.addTo(faults, fleet, random, links, sql -> sql.startsWith("SELECT n, half"));
                fleet.beforeCalm(() -> links.values().forEach(all -> all.forEach(WireProxy::forget)));
                fleet.start(JVMS, "fence-" + variant.label(), member -> program(member, links));
                begin[0] = System.nanoTime();
                Storm.blow(
                        fleet,
                        faults,
                        random,
                        time,
                        () -> variant != Variant.CONTROL
                                || audit(first).plus(second.audit()).violations() > 0);
                fleet.end();
                Cells.Audit inFirst = audit(first);
                Cells.Audit inSecond = second.audit();
                Cells.Audit audit = inFirst.plus(inSecond);
                return new Outcome(
                        faults.counts(),
                        audit.writes() + audit.reads(),
                        audit.violations() + (variant == Variant.PROTECTED ? fleet.violations() : 0),
                        "PostgreSQL " + inFirst + ", MariaDB " + inSecond + ", " + fleet.details() + faults.absent());
            } finally {
                links.values().forEach(all -> all.forEach(WireProxy::close));
            }
        }

        private static Cells.Audit audit(List<Cells> all) throws SQLException {
            Cells.Audit sum = new Cells.Audit(0, 0, 0, 0, 0, 0);
            for (Cells cells : all) {
                sum = sum.plus(cells.audit());
            }
            return sum;
        }

        private void tick(long begin) {
            if (begin != 0) {
                progress.at((System.nanoTime() - begin) / 1_000_000_000);
            }
        }

        private ForkedJvm.Builder program(Member member, Map<Member, List<WireProxy>> links) {
            List<WireProxy> databases = links.computeIfAbsent(
                    member, any -> List.of(WireProxy.postgres(postgres.port()), WireProxy.mariaDb(mariaDb.port())));
            String redis = "redis://127.0.0.1:" + member.link().port();
            ForkedJvm.Builder jvm = variant == Variant.CONTROL ? ForkedJvm.main(WORKER) : Agent.jvm(WORKER, redis);
            return jvm.jvmArgs("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                    .property("floodlock.lease", LEASE.toSeconds() + "s")
                    .property("floodlock.shutdown-wait", "2s")
                    .property("chaos.locking", locking())
                    .property("chaos.lease", Long.toString(LEASE.toMillis()))
                    .property("chaos.redis", redis)
                    .property("chaos.jvm", Integer.toString(member.number()))
                    // Redisson's client does not survive stack overflows, and the control is not about them
                    .property(
                            "chaos.overflows",
                            Boolean.toString(variant != Variant.CONTROL && member.number() == OVERFLOWING))
                    .property("chaos.keys", Integer.toString(CELLS))
                    .property("chaos.postgres", databases.get(0).through(inPostgres))
                    .property("chaos.mariadb", databases.get(1).through(inMariaDb));
        }

        private String locking() {
            return switch (variant) {
                case PROTECTED -> "fenced";
                case UNFENCED -> "floodlock";
                case CONTROL -> "redisson";
            };
        }
    }
}
