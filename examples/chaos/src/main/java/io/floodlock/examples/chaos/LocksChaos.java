package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Agent;
import io.floodlock.examples.kit.Progress;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Sections under locks, exclusive and shared, in several JVMs, while faults hit these JVMs, their Redis and the links
 * between them. The violations are: two sections that exclude each other were inside at once and both could commit;
 * an operation hangs; a JVM does not recover; a key stays busy after all JVMs have ended. The control is the same run
 * with Redisson's locks.
 */
final class LocksChaos implements Chaos {

    private static final int JVMS = 3;
    private static final int KEYS = 8;
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(60);
    private static final String WORKER = "io.floodlock.examples.chaos.worker.LockWorker";

    /** The database only records the sections; acknowledged commits need not survive its end. */
    private static final Map<String, String> QUICK = Map.of("fsync", "off", "synchronous_commit", "off");

    @Override
    public String name() {
        return "locks";
    }

    @Override
    public Map<Variant, Double> shares() {
        Map<Variant, Double> shares = new EnumMap<>(Variant.class);
        shares.put(Variant.PROTECTED, 0.5);
        shares.put(Variant.CONTROL, 0.2);
        return shares;
    }

    @Override
    public Outcome run(Variant variant, Duration time, Random random, Progress progress) throws Exception {
        boolean agent = variant == Variant.PROTECTED;
        try (PostgresServer postgres = PostgresServer.start(QUICK)) {
            String ledger = postgres.createDatabase("ledger");
            try (Connection connection = DriverManager.getConnection(ledger)) {
                return run(agent, time, random, progress, ledger, connection);
            }
        }
    }

    private Outcome run(
            boolean agent, Duration time, Random random, Progress progress, String ledger, Connection connection)
            throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE section (key text, mode text, jvm int, entered bigint, inside_until bigint)");
        }
        Referee referee = new Referee(connection, progress);
        try (Fleet fleet = new Fleet(LEASE, referee::look)) {
            referee.overlaps = new Overlaps(fleet.amnesia());
            Faults faults = new Faults();
            LockFaults.addTo(faults, fleet, random);
            fleet.start(JVMS, agent ? "locks" : "locks-control", member -> program(agent, ledger, member));
            referee.begin = System.nanoTime();
            Storm.blow(fleet, faults, random, time, () -> agent || referee.overlaps.found() > 0);
            fleet.end();
            referee.look();
            long busy = agent ? busyKeys(fleet, ledger) : 0;
            Overlaps overlaps = referee.overlaps;
            overlaps.examples().forEach(System.out::println);
            return new Outcome(
                    faults.counts(),
                    overlaps.sections(),
                    overlaps.found() + (agent ? fleet.violations() + busy : 0),
                    overlaps.found() + " overlaps (" + overlaps.excused() + " more while Redis had lost its state), "
                            + fleet.details() + ", " + busy + " keys left busy" + faults.absent());
        }
    }

    private static ForkedJvm.Builder program(boolean agent, String ledger, Member member) {
        String redis = "redis://127.0.0.1:" + member.link().port();
        ForkedJvm.Builder jvm = agent ? Agent.jvm(WORKER, redis) : ForkedJvm.main(WORKER);
        return jvm.jvmArgs("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .property("floodlock.lease", LEASE.toSeconds() + "s")
                .property("floodlock.shutdown-wait", "2s")
                .property("chaos.locking", agent ? "floodlock" : "redisson")
                .property("chaos.lease", Long.toString(LEASE.toMillis()))
                .property("chaos.redis", redis)
                .property("chaos.jvm", Integer.toString(member.number()))
                .property("chaos.keys", Integer.toString(KEYS))
                .property("chaos.ledger", ledger);
    }

    /** Counts the keys that are still held one lease after all JVMs have ended; there must be none. */
    private static long busyKeys(Fleet fleet, String ledger) throws InterruptedException {
        fleet.work(LEASE);
        Member first = fleet.members().get(0);
        try (ForkedJvm probe = program(true, ledger, first).args("probe").start()) {
            probe.awaitExit(PROBE_LIMIT);
            List<String> lines = probe.lines();
            lines.stream().filter(line -> line.startsWith("@busy")).forEach(System.out::println);
            return KEYS
                    - lines.stream().filter(line -> line.startsWith("@free")).count();
        }
    }

    /** Removes committed sections from the ledger and judges them. */
    private static final class Referee {

        private final Connection ledger;
        private final Progress progress;
        private Overlaps overlaps;
        private long begin;

        Referee(Connection ledger, Progress progress) {
            this.ledger = ledger;
            this.progress = progress;
        }

        void look() {
            if (begin != 0) {
                progress.at((System.nanoTime() - begin) / 1_000_000_000);
            }
            try (Statement statement = ledger.createStatement();
                    ResultSet rows = statement.executeQuery("DELETE FROM section RETURNING *")) {
                while (rows.next()) {
                    overlaps.add(new Section(
                            rows.getString(1),
                            rows.getString(2).equals("s"),
                            rows.getInt(3),
                            rows.getLong(4),
                            rows.getLong(5)));
                }
            } catch (SQLException e) {
                throw new IllegalStateException("the ledger can't be read", e);
            }
        }
    }
}
