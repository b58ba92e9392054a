package io.floodlock.faults.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.faults.Namespaces;
import io.floodlock.faults.Program;
import io.floodlock.faults.app.Jobs;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import io.floodlock.testkit.TlsProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis behind TLS, and one whose user may do no more than the documentation asks for. */
class SecuredRedisIT {

    private static RedisServer redis;

    private final String namespace = Namespaces.next();

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void overTlsByUrlAndByRedissonsFile(@TempDir Path folder) throws IOException {
        try (TlsProxy tls = TlsProxy.to(redis.port())) {
            Path file = Files.writeString(
                    folder.resolve("redisson.yaml"),
                    "singleServerConfig:\n  address: \"rediss://127.0.0.1:" + tls.port() + "\"\n  sslTruststore: \""
                            + tls.trustStore().toUri() + "\"\n  sslTruststorePassword: " + TlsProxy.PASSWORD + "\n");
            try (Program byUrl = app().redis("rediss://127.0.0.1:" + tls.port())
                            .property(
                                    "javax.net.ssl.trustStore", tls.trustStore().toString())
                            .property("javax.net.ssl.trustStorePassword", TlsProxy.PASSWORD)
                            .start();
                    Program byFile = app().setting("redisson", file.toString()).start()) {
                assertLocksAndQueues(byUrl, byFile);
            }
        }
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() {
        try (TlsProxy tls = TlsProxy.to(redis.port());
                Program app = app().redis("rediss://127.0.0.1:" + tls.port()).start()) {
            assertRefused(app, "127.0.0.1:" + tls.port(), "does not trust", "javax.net.ssl.trustStore");
        }
    }

    @Test
    void withTheLeastRights() {
        try (RedisServer guarded = RedisServer.start()) {
            String url = user(guarded, "shop", leastRights());
            try (Program one = app().redis(url).start();
                    Program two = app().redis(url).start()) {
                assertLocksAndQueues(one, two);
                // their last scripts as well
                one.jvm().terminate();
                two.jvm().terminate();
                one.jvm().awaitExit();
                two.jvm().awaitExit();
            }
            assertEquals(List.of(), denied(guarded));
        }
    }

    @Test
    void withOneRightLessItIsSaidWhichAreNeeded() {
        String all = leastRights().substring("on >secret ".length());
        Map<String, String> remedies = Map.of(
                "resetkeys", all,
                "resetchannels", "&floodlock:*",
                "-@scripting", all,
                "-time", all);
        try (RedisServer guarded = RedisServer.start()) {
            Map<Program, String> apps = new LinkedHashMap<>();
            try {
                remedies.forEach((less, remedy) -> {
                    String url = user(guarded, "shop" + apps.size(), leastRights() + " " + less);
                    apps.put(app().redis(url).launch(), remedy);
                });
                apps.forEach((app, remedy) -> {
                    app.awaitSaid("ready");
                    assertRefused(app, "127.0.0.1:" + guarded.port(), "ACL SETUSER <user> " + remedy);
                    assertFalse(app.jvm().output().contains("secret"), app.jvm()::output);
                });
            } finally {
                apps.keySet().forEach(Program::close);
            }
        }
    }

    /** One holds while the other waits, which the first's release must tell it; and one runs what the other stores. */
    private void assertLocksAndQueues(Program one, Program two) {
        Program.Call holding = one.begin("hold", "a", "go on");
        one.awaitSaid("holding a");
        Program.Call waiting = two.begin("lock", "a");
        assertEquals("x done", two.call("run", "x").value());
        assertFalse(waiting.ended(), "while the other holds");
        one.go("go on");
        assertEquals("held", holding.reply().value());
        assertEquals("locked", waiting.reply().value());
        one.call("store", "y").value();
        String ran = "say\tran y";
        Await.until(
                () -> one.jvm().output() + two.jvm().output(),
                Duration.ofSeconds(30),
                () -> one.jvm().lines().contains(ran) || two.jvm().lines().contains(ran));
    }

    private static void assertRefused(Program app, String... parts) {
        app.call("load").value();
        app.awaitLog(parts);
        app.call("lockBriefly", "a").threw(FloodlockUnavailableException.class, parts);
        app.call("storeBriefly", "a").threw(FloodlockUnavailableException.class, parts);
        assertFalse(app.said("ran a"), app.jvm()::output);
    }

    private Program.Builder app() {
        return Program.of(Jobs.class).setting("namespace", namespace);
    }

    private static String user(RedisServer server, String name, String rights) {
        assertEquals("OK", server.cli(("ACL SETUSER " + name + " " + rights).split(" ")));
        return "redis://" + name + ":secret@127.0.0.1:" + server.port();
    }

    /** The commands, keys and channels that were denied, but for the keys by which Redisson tries whether it is in a cluster. */
    private static List<String> denied(RedisServer server) {
        List<String> lines = server.cli("ACL", "LOG").lines().toList();
        return IntStream.range(1, lines.size())
                .filter(line -> lines.get(line - 1).equals("object"))
                .mapToObj(lines::get)
                .filter(object -> !object.equals("test1"))
                .toList();
    }

    /** As the page of the configuration has them, behind the user's name. */
    private static String leastRights() {
        try {
            String page = Files.readString(Path.of("../docs/configuration-and-logs.md"));
            Matcher command = Pattern.compile("`ACL SETUSER shop ([^`]*)`").matcher(page);
            assertTrue(command.find(), "the page names the rights");
            return command.group(1).replaceAll("\\s+", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
