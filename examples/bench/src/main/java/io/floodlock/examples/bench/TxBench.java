package io.floodlock.examples.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;

/** Measures transfers between two PostgreSQL servers: a woven method against code written by hand with JDBC. */
final class TxBench implements Bench {

    private static final int THREADS = 16;

    @Override
    public String name() {
        return "tx";
    }

    @Override
    public Set<Server> servers(BenchContext context) {
        return Set.of(Server.TWO_POSTGRES);
    }

    @Override
    public void run(BenchContext context) throws Exception {
        try (HikariDataSource first = pool(context.jdbcUrl(0));
                HikariDataSource second = pool(context.jdbcUrl(1))) {
            create(first);
            create(second);
            twoDatabases(context, first, second);
        }
        try (HikariDataSource first = pool(context.jdbcUrl(0));
                HikariDataSource again = pool(context.jdbcUrl(0))) {
            oneDatabase(context, first, again);
        }
    }

    private static void twoDatabases(BenchContext context, HikariDataSource first, HikariDataSource second)
            throws Exception {
        Transfers transfers = new Transfers(first, second);
        Map<String, Series> series = context.rounds()
                .variant("floodlock", () -> Load.run(THREADS, context.roundTime(), t -> transfers.woven()))
                .variant(
                        "last resource by hand",
                        () -> Load.run(THREADS, context.roundTime(), t -> transfers.lastResource()))
                .variant(
                        "two plain commits",
                        () -> Load.run(THREADS, context.roundTime(), t -> transfers.plainCommits()))
                .run();
        String name = "transfer between two databases, 16 threads";
        series.forEach((variant, one) -> context.report().operations(name + ": " + variant, one));
        goal(context, name, series, "last resource by hand", 0.9);
        goal(context, name, series, "two plain commits", 0.52);
    }

    /**
     * Transfers through two pools, as two modules of one application have them. Two plain connections would not be
     * atomic.
     */
    private static void oneDatabase(BenchContext context, HikariDataSource first, HikariDataSource again)
            throws Exception {
        Transfers transfers = new Transfers(first, again);
        Transfers plain = new Transfers(first, first);
        Map<String, Series> series = context.rounds()
                .variant("floodlock", () -> Load.run(THREADS, context.roundTime(), t -> transfers.woven()))
                .variant("one plain commit", () -> Load.run(THREADS, context.roundTime(), t -> plain.oneCommit()))
                .run();
        String name = "transfer within one database through two DataSources, 16 threads";
        series.forEach((variant, one) -> context.report().operations(name + ": " + variant, one));
        goal(context, name, series, "one plain commit", 0.95);
    }

    private static void goal(
            BenchContext context, String name, Map<String, Series> series, String peer, double atLeast) {
        context.report().ratioGoal(name, series.get("floodlock"), peer, series.get(peer), Report.Want.atLeast(atLeast));
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(THREADS);
        return new HikariDataSource(config);
    }

    private static void create(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL);"
                    + " INSERT INTO account SELECT i, 1000 FROM generate_series(0, " + (Transfers.ACCOUNTS - 1) + ") i;"
                    + " CREATE TABLE decision (gid text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())");
        }
    }
}
