package io.floodlock.examples.shop.trial;

import io.floodlock.examples.kit.Agent;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The whole shop: a Redis, two PostgreSQL servers, and JVMs that serve one demand. Not thread-safe. */
public final class Trial implements AutoCloseable {

    private static final String PROGRAM = Customers.class.getName();
    private static final Duration TICK = Duration.ofMillis(200);
    private static final List<String> REGIONS = List.of("books_0", "books_1");
    private static final Duration STALL = Duration.ofMinutes(2);

    private final Plan plan;
    private final Demand demand;
    private final RedisServer redis;
    private final PostgresServer orders;
    private final PostgresServer payments;
    private final Auditor auditor;
    private final List<Node> nodes = new ArrayList<>();
    private final Path logs = Path.of(System.getProperty("examples.logs", "target/logs"));

    /** Starts everything and returns when all JVMs are ready and serve the demand. */
    public static Trial start(Plan plan, Demand demand) throws Exception {
        Trial trial = new Trial(plan, demand);
        try {
            trial.open();
            return trial;
        } catch (Exception | Error e) {
            trial.close();
            throw e;
        }
    }

    private Trial(Plan plan, Demand demand) {
        this.plan = plan;
        this.demand = demand;
        redis = RedisServer.start("appendonly yes", "appendfsync " + plan.fsync());
        orders = PostgresServer.start(Map.of());
        payments = PostgresServer.start(Map.of());
        auditor = new Auditor(orders.jdbcUrl("orders"), payments.jdbcUrl("payments"), books());
    }

    /** The databases of tenants' books. */
    private List<String> books() {
        return plan.hard() ? REGIONS.stream().map(payments::jdbcUrl).toList() : List.of();
    }

    private void open() throws Exception {
        schema(orders.createDatabase("orders"), "/orders.sql");
        schema(payments.createDatabase("payments"), "/payments.sql");
        for (int i = 0; i < books().size(); i++) {
            schema(payments.createDatabase(REGIONS.get(i)), "/books.sql");
        }
        stock(orders.jdbcUrl("orders"));
        Files.createDirectories(logs);
        for (int i = 1; i <= plan.jvms(); i++) {
            Path log = logs.resolve((plan.agent() ? "jvm-" : "unprotected-jvm-") + i + ".log");
            Files.deleteIfExists(log);
            boolean overflows = plan.hard() && i == 1;
            nodes.add(new Node(() -> program(overflows), demand, log));
        }
        while (!nodes.stream().allMatch(Node::isReady)) {
            if (!nodes.stream().allMatch(Node::isAlive)) {
                throw new IllegalStateException("a JVM of the shop did not start; see " + logs);
            }
            Thread.sleep(TICK.toMillis());
        }
    }

    private ForkedJvm.Builder program(boolean overflows) {
        ForkedJvm.Builder jvm = plan.agent() ? Agent.jvm(PROGRAM, redis.url()) : ForkedJvm.main(PROGRAM);
        return jvm.jvmArgs("-Xmx512m")
                .property("floodlock.lease", plan.lease())
                .property("floodlock.queue.home", "orders")
                .property("shop.orders", orders.jdbcUrl("orders"))
                .property("shop.payments", payments.jdbcUrl("payments"))
                .property("shop.books", String.join(",", books()))
                .property("shop.overflows", Boolean.toString(overflows))
                .property("shop.products", Integer.toString(plan.products()));
    }

    static void schema(String url, String resource) throws SQLException, IOException {
        try (InputStream sql = Trial.class.getResourceAsStream(resource);
                Connection database = DriverManager.getConnection(url);
                Statement statement = database.createStatement()) {
            statement.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private void stock(String url) throws SQLException {
        try (Connection database = DriverManager.getConnection(url);
                PreparedStatement statement = database.prepareStatement(
                        "INSERT INTO product SELECT i, ?, ? FROM generate_series(0, ? - 1) AS i")) {
            statement.setInt(1, plan.stock());
            statement.setInt(2, plan.stock());
            statement.setInt(3, plan.products());
            statement.execute();
        }
    }

    public List<Node> nodes() {
        return nodes;
    }

    public RedisServer redis() {
        return redis;
    }

    /**
     * Serves the demand until every order is acknowledged or finally refused, and reports the number of written
     * orders after each tick.
     *
     * @throws IllegalStateException if no order was acknowledged for two minutes, or a JVM ended by itself
     */
    public void serve(Consumer<Long> progress) throws Exception {
        long calls = demand.calls();
        long changed = System.nanoTime();
        while (!demand.isOver()) {
            tick(progress);
            if (demand.calls() != calls) {
                calls = demand.calls();
                changed = System.nanoTime();
            } else if (System.nanoTime() - changed > STALL.toNanos()) {
                throw new IllegalStateException("no order was acknowledged for " + STALL.toSeconds()
                        + " s; the last failure: " + demand.lastFailure() + "; see " + logs);
            }
        }
    }

    /** Keeps the JVMs busy for one tick. */
    public void tick(Consumer<Long> progress) throws Exception {
        for (Node node : nodes) {
            if (node.isReady() && !node.isAlive()) {
                throw new IllegalStateException("a JVM of the shop ended by itself; see " + logs);
            }
            node.feed();
        }
        progress.accept(auditor.rows());
        Thread.sleep(TICK.toMillis());
    }

    /** Waits until all acknowledged calls have run, or until nothing has changed for the given time; then audits. */
    public Audit settle(Duration patience, Consumer<Long> progress) throws Exception {
        Audit audit = auditor.audit(demand.acknowledged());
        long changed = System.nanoTime();
        while (audit.lost() + audit.inDoubt() + audit.torn() > 0 && System.nanoTime() - changed < patience.toNanos()) {
            tick(progress);
            Audit next = auditor.audit(demand.acknowledged());
            if (!next.toString().equals(audit.toString())) {
                changed = System.nanoTime();
            }
            audit = next;
        }
        progress.accept(audit.rows());
        return audit;
    }

    /** The number of runs of stored calls in all JVMs. */
    long runs() throws InterruptedException {
        long runs = 0;
        for (Node node : nodes) {
            runs += node.runs();
        }
        return runs;
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        payments.close();
        orders.close();
        redis.close();
    }
}
