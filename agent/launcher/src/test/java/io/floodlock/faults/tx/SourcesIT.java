package io.floodlock.faults.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.IllegalTransactionException;
import io.floodlock.LockLostException;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnNewestJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Reply;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.pools.Late;
import io.floodlock.pools.Plain;
import io.floodlock.pools.Scenarios;
import io.floodlock.testkit.ForkedJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Connections of pools and wrappers of many kinds and ages: whatever a source is, its work in a scope is protected, or refused
 * by name.
 */
@OnNewestJdk
class SourcesIT extends SharedRedis {

    private static final String PROTECTED = "protected";
    private static final String REFUSED = "refused";

    /** What each source's connections are, in a scope. */
    private static final Map<String, String> KINDS = new TreeMap<>(Map.ofEntries(
            Map.entry("hikari", PROTECTED),
            Map.entry("hikariSubclass", PROTECTED),
            Map.entry("dbcp2", PROTECTED),
            Map.entry("dbcp2Shared", PROTECTED),
            Map.entry("dbcp1", PROTECTED),
            Map.entry("tomcat", PROTECTED),
            Map.entry("agroal", PROTECTED),
            Map.entry("druid", PROTECTED),
            Map.entry("druidByItsOwnType", REFUSED),
            Map.entry("c3p0", PROTECTED),
            Map.entry("vibur", PROTECTED),
            Map.entry("viburUnpooled", REFUSED),
            Map.entry("bonecp", PROTECTED),
            Map.entry("driver", PROTECTED),
            Map.entry("driverPool", PROTECTED),
            Map.entry("pooledConnection", REFUSED),
            Map.entry("xaConnection", REFUSED),
            Map.entry("driverManager", REFUSED),
            Map.entry("narrowed", PROTECTED),
            Map.entry("narrowedByItsOwnType", REFUSED),
            Map.entry("routing", PROTECTED),
            Map.entry("transactionAware", PROTECTED),
            Map.entry("singleConnection", PROTECTED),
            Map.entry("p6spy", PROTECTED),
            Map.entry("datasourceProxy", PROTECTED),
            Map.entry("proxyOverPool", PROTECTED),
            Map.entry("proxyOverNothing", PROTECTED)));

    private static Ledger one;
    private static Ledger two;

    private Program app;

    @BeforeAll
    static void createDatabases() {
        one = Servers.ledger();
        two = Servers.ledger();
    }

    @AfterEach
    void stop() {
        if (app != null) {
            app.close();
        }
    }

    @Test
    void atomicOrRefused() {
        app = app().start();
        assertEach((source, line) -> {
            Reply failed = app.call("both", source, line, "fail");
            assertEquals(0, one.count(line) + two.count(line), source + " " + failed);
            Reply done = app.call("both", source, line, "commit");
            long rows = one.count(line) + 10 * two.count(line);
            return done.thrown() == null && rows == 11
                    ? PROTECTED
                    : rows == 0 && isRefused(done) ? REFUSED : rows + " " + done;
        });
    }

    /** The control: without the agent the first database keeps what the body has written before it fails. */
    @Test
    void withoutTheAgentTheyAreTorn() {
        app = app().withoutAgent().start();
        assertEach(
                (source, line) -> {
                    app.call("both", source, line, "fail");
                    return one.count(line) + 10 * two.count(line) + " rows";
                },
                "11 rows");
    }

    @Test
    void theCommitOfALostLockIsVetoedOrItsStatementRefused() {
        app = app().start();
        assertEach((source, line) -> {
            Reply reply = app.call("lost", source, line);
            assertEquals(0, one.count(line), source + " " + reply);
            return threw(reply, LockLostException.class) ? PROTECTED : isRefused(reply) ? REFUSED : reply.toString();
        });
    }

    /** One that commits by itself needs no more than the question whether the lock stands, wherever it comes from. */
    @Test
    void aStatementByItselfIsVetoedAfterTheLossAndRunsBefore() {
        app = app().start();
        assertEach(
                (source, line) -> {
                    Reply held = app.call("alone", source, line);
                    assertEquals(1, one.count(line), source + " " + held);
                    Reply lost = app.call("lostAlone", source, line);
                    assertEquals(1, one.count(line), source + " " + lost);
                    return threw(lost, LockLostException.class) ? PROTECTED : lost.toString();
                },
                PROTECTED);
    }

    @Test
    void fencedOrRefused() {
        app = app().start();
        assertEach((source, line) -> {
            Reply reply = app.call("fenced", source, line);
            long claims = one.query(
                            "SELECT name FROM floodlock_fence WHERE name = '" + namespace + ":fenced:" + line + "'")
                    .size();
            long rows = one.count(line);
            return reply.thrown() == null && rows == 1 && claims == 1
                    ? PROTECTED
                    : rows == 0 && isRefused(reply) ? REFUSED : rows + " " + claims + " " + reply;
        });
    }

    /** Statements that the driver runs by itself, and what is done past the handle after it was unwrapped, are known. */
    @Test
    void everyUseOfAKnownConnectionWorksInEveryScope() {
        app = app().start();
        for (String source : new String[] {"hikari", "dbcp2", "driver", "p6spy", "agroal", "tomcat", "narrowed"}) {
            app.call("open", source).value();
            for (String scope :
                    new String[] {"everyUse", "everyUseInTransaction", "everyUseInLock", "everyUseFenced"}) {
                assertEquals("used", app.call(scope, source).value(), scope + " " + source);
            }
        }
    }

    @Test
    void aPoolThrowsAwayWhatItIsToldTo() {
        app = app().start();
        for (String source : new String[] {"hikari", "dbcp2", "vibur"}) {
            assertEquals("another", app.call("evict", source).value(), source);
            assertEquals("the same", app.call("giveBack", source).value(), source);
        }
    }

    /** Nor are there annotations on its class path. */
    @Test
    void anApplicationThatUsesNothingOfFloodlockSeesTheObjectsThatItSeesWithoutTheAgent() {
        try (ForkedJvm with = alone(Plain.class)
                        .jvmArgs("-javaagent:" + ClassPath.agentJar())
                        .start();
                ForkedJvm without = alone(Plain.class).start()) {
            assertEquals(0, with.awaitExit(), with::output);
            assertEquals(0, without.awaitExit(), without::output);
            assertEquals(KINDS.size(), given(without).size(), without::output);
            assertEquals(given(without), given(with));
        }
    }

    private static List<String> given(ForkedJvm jvm) {
        return jvm.lines().stream().filter(line -> line.startsWith("given ")).toList();
    }

    /** Where the annotations are not on the class path either, the first annotated class is what starts the wrapping. */
    @Test
    void aConnectionTakenBeforeTheFirstAnnotatedClassIsRefusedByName() {
        try (ForkedJvm late =
                alone(Late.class).jvmArgs("-javaagent:" + ClassPath.agentJar()).start()) {
            assertEquals(0, late.awaitExit(), late::output);
            String refused = late.awaitLine(each -> each.startsWith("before "));
            assertTrue(refused.contains("IllegalTransactionException"), refused);
            assertTrue(refused.contains("after this application's first annotated class is loaded"), refused);
            late.awaitLine(each -> each.equals("after written"));
            assertEquals(0, one.count("before"));
        }
    }

    private ForkedJvm.Builder alone(Class<?> main) {
        return ForkedJvm.main(main.getName())
                .jdk(jdk)
                .jvmArgs("-Xmx128m")
                .property("floodlock.redis", redis.url())
                .property("p6spy.config.appender", "com.p6spy.engine.spy.appender.Slf4JLogger")
                .classPath(Stream.of(ClassPath.application(Scenarios.class))
                        .filter(path -> !path.getFileName().toString().startsWith("floodlock-annotations"))
                        .toArray(Path[]::new))
                .args(one.url());
    }

    private void assertEach(BiFunction<String, String, String> scenario) {
        assertEquals(KINDS, outcomes(scenario));
    }

    private void assertEach(BiFunction<String, String, String> scenario, String expected) {
        Map<String, String> all = new TreeMap<>(KINDS);
        all.replaceAll((source, kind) -> expected);
        assertEquals(all, outcomes(scenario));
    }

    private Map<String, String> outcomes(BiFunction<String, String, String> scenario) {
        Map<String, String> outcomes = new TreeMap<>();
        for (String source : KINDS.keySet()) {
            app.call("open", source).value();
            outcomes.put(source, scenario.apply(source, namespace + source));
        }
        return outcomes;
    }

    /** Naming the class of the connection, the URL without its parameters, and the remedy. */
    private boolean isRefused(Reply reply) {
        return threw(reply, IllegalTransactionException.class)
                && reply.toString().contains("org.postgresql.")
                && reply.toString().contains("127.0.0.1:" + Servers.postgresPort())
                && !reply.toString().contains("user=")
                && reply.toString().contains("Take the connection from a javax.sql.DataSource");
    }

    /** Itself, or as the cause of the pool's own exception. */
    private static boolean threw(Reply reply, Class<? extends Throwable> type) {
        return type.getName().equals(reply.thrown()) || reply.more().contains("caused by " + type.getName());
    }

    private Program.Builder app() {
        return program(Scenarios.class)
                .property("db.one", one.url())
                .property("db.two", two.url())
                .property("p6spy.config.appender", "com.p6spy.engine.spy.appender.Slf4JLogger")
                .with(ClassPath.application(Scenarios.class));
    }
}
