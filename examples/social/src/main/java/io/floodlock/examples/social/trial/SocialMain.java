package io.floodlock.examples.social.trial;

import io.floodlock.examples.kit.Agent;
import io.floodlock.examples.kit.Progress;
import io.floodlock.examples.kit.Table;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.RedisServer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code examples/run social}: floods the network with likes and comments, then audits it. */
@Command(
        name = "examples/run social",
        mixinStandardHelpOptions = true,
        description = "Floods a social network in plain Java with likes and comments, and checks its database by SQL.")
final class SocialMain implements Callable<Integer> {

    private static final Duration STALL = Duration.ofSeconds(60);
    private static final long TICK_MILLIS = 100;

    @Option(
            names = "--visits",
            defaultValue = "100000",
            description = "Likes and comments (default: ${DEFAULT-VALUE}).")
    private int visits;

    @Option(names = "--posts", defaultValue = "50", description = "Posts (default: ${DEFAULT-VALUE}).")
    private int posts;

    @Option(names = "--jvms", defaultValue = "2", description = "JVMs of the network (default: ${DEFAULT-VALUE}).")
    private int jvms;

    @Option(names = "--without-agent", description = "Runs the same code without protection; must show violations.")
    private boolean withoutAgent;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SocialMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        System.err.printf(
                "starting Redis, PostgreSQL and %d JVMs %s the agent ...%n", jvms, withoutAgent ? "WITHOUT" : "with");
        try (RedisServer redis = RedisServer.start("appendonly yes", "appendfsync everysec");
                PostgresServer postgres = PostgresServer.start(Map.of())) {
            String url = postgres.createDatabase("social");
            try (Connection database = DriverManager.getConnection(url)) {
                schema(database);
                return run(redis.url(), url, database);
            }
        }
    }

    private static void schema(Connection database) throws Exception {
        try (InputStream sql = SocialMain.class.getResourceAsStream("/social.sql");
                Statement statement = database.createStatement()) {
            statement.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private int run(String redis, String url, Connection database) throws Exception {
        List<ForkedJvm> network = new ArrayList<>();
        try {
            for (int i = 0; i < jvms; i++) {
                network.add(program(redis, url, i).start());
            }
            network.forEach(jvm -> jvm.awaitLine(line -> line.equals("@ready")));
            command(network, "posts", 1);
            Progress progress = new Progress("visits", visits);
            long begin = System.nanoTime();
            network.forEach(jvm -> jvm.send("visits"));
            double accepted = 0;
            long done = SocialAudit.done(database);
            long changed = begin;
            while (done < visits && System.nanoTime() - changed < (withoutAgent ? 0 : STALL.toNanos())
                    || accepted == 0) {
                if (accepted == 0 && network.stream().allMatch(jvm -> answers(jvm) == 2)) {
                    accepted = (System.nanoTime() - begin) / 1e9;
                }
                Thread.sleep(TICK_MILLIS);
                long now = SocialAudit.done(database);
                changed = now == done ? changed : System.nanoTime();
                done = now;
                progress.at(done);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            progress.end();
            table(accepted, seconds).print();
            return verdict(SocialAudit.of(database, posts, visits));
        } finally {
            network.forEach(ForkedJvm::close);
        }
    }

    private ForkedJvm.Builder program(String redis, String url, int number) {
        String main = Visitors.class.getName();
        ForkedJvm.Builder jvm = withoutAgent ? ForkedJvm.main(main) : Agent.jvm(main, redis);
        return jvm.jvmArgs("-Xmx512m")
                .property("social.database", url)
                .property("social.posts", Integer.toString(posts))
                .property("social.visits", Integer.toString(visits))
                .property("social.jvms", Integer.toString(jvms))
                .property("social.jvm", Integer.toString(number));
    }

    private static void command(List<ForkedJvm> network, String command, int answers) throws InterruptedException {
        network.forEach(jvm -> jvm.send(command));
        while (!network.stream().allMatch(jvm -> answers(jvm) == answers)) {
            Thread.sleep(TICK_MILLIS);
        }
    }

    private static long answers(ForkedJvm jvm) {
        if (!jvm.isAlive()) {
            throw new IllegalStateException("a JVM of the network ended by itself: " + jvm.lines());
        }
        return jvm.lines().stream().filter(line -> line.equals("@done")).count();
    }

    private Table table(double accepted, double seconds) {
        return new Table()
                .row("visits accepted/s", "%,.0f", visits / accepted)
                .row("visits done/s", "%,.0f", visits / seconds);
    }

    private int verdict(SocialAudit audit) {
        System.out.printf(
                "social: %d visits of %d posts, %s%s%n",
                visits, posts, audit, withoutAgent ? " (without the agent)" : "");
        boolean holds = audit.violations() == 0;
        return withoutAgent == holds ? 1 : 0;
    }
}
