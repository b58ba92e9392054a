package io.floodlock.faults.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.faults.ClassPath;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.Namespaces;
import io.floodlock.faults.Program;
import io.floodlock.faults.Reply;
import io.floodlock.faults.Servers;
import io.floodlock.faults.app.Fenced;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.MariaDbServer;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

/** The commands {@code ddl} and {@code check} of the shipped jar, and what follows from doing as they say. */
class CommandsIT {

    private static final Path MARIADB_DRIVER = ClassPath.of(ClassPath.type("org.mariadb.jdbc.Driver"));

    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start("appendonly yes", "appendfsync always");
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void aRoleThatMayNotCreateTablesWorksWithThoseThatDdlPrintsForPostgres() {
        Ledger ledger = Servers.ledger();
        String role = "clerk" + Namespaces.next();
        ledger.execute("CREATE ROLE \"" + role + "\" LOGIN");
        ledger.execute("GRANT SELECT, INSERT ON ledger TO \"" + role + "\"");
        try (Program app = app(Fenced.class)
                .database("one", ledger.url().replace("user=postgres", "user=" + role))
                .start()) {
            writesOnceItHasTheTables(app, ledger, ddl("postgresql", role));
        }
    }

    @Test
    void aRoleThatMayNotCreateTablesWorksWithThoseThatDdlPrintsForMariaDb() {
        try (MariaDbServer server = MariaDbServer.start(Map.of())) {
            Ledger ledger = new Ledger(server.createDatabase("shop"));
            ledger.execute("CREATE TABLE ledger (id BIGINT AUTO_INCREMENT PRIMARY KEY, line TEXT NOT NULL)");
            ledger.execute("CREATE USER clerk");
            ledger.execute("GRANT SELECT, INSERT ON ledger TO clerk");
            try (Program app = app(Fenced.class)
                    .database("one", ledger.url().replace("user=root", "user=clerk"))
                    .with(MARIADB_DRIVER)
                    .start()) {
                writesOnceItHasTheTables(app, ledger, ddl("mysql", "clerk"));
            }
        }
    }

    @Test
    void checkAnswersByItsStatus(@TempDir Path folder) throws IOException {
        try (PostgresServer well = PostgresServer.start(Map.of("idle_in_transaction_session_timeout", "60s"))) {
            Path boot = springBootJar(folder);
            String url = well.createDatabase("shop");
            try (ForkedJvm fine = tool("check", "--jdbc", url, "--classpath", boot.toString())) {
                assertEquals(0, fine.awaitExit(), fine::output);
                assertTrue(fine.output().contains("checked, 0 to fix"), fine::output);
            }
            String drivers = driverFolder(folder);
            String noted = Servers.ledger().url() + "&password=s3cret";
            try (ForkedJvm found = tool(
                            "check", "--json", "--strict", "--jdbc", noted, "--jdbc", url, "--classpath", drivers);
                    ForkedJvm lenient = tool("check", "--json", "--jdbc", noted, "--classpath", drivers)) {
                assertEquals(1, found.awaitExit(), found::output);
                String json = found.output();
                assertTrue(json.contains("\"fine\" : false"), json);
                assertTrue(json.contains("idle_in_transaction_session_timeout"), json);
                assertTrue(json.contains("ALTER ROLE postgres SET idle_in_transaction_session_timeout"), json);
                assertFalse(json.contains("s3cret"), json);
                // nobody fences there
                assertEquals(0, lenient.awaitExit(), lenient::output);
                assertTrue(lenient.output().contains("\"state\" : \"note\""), lenient::output);
                assertTrue(lenient.output().contains("\"fine\" : true"), lenient::output);
            }
            try (ForkedJvm missing = tool("check", "--jdbc", url)) {
                assertEquals(2, missing.awaitExit(), missing::output);
                assertTrue(missing.output().contains("no JDBC driver for jdbc:postgresql:"), missing::output);
                assertTrue(missing.output().contains("appendonly"), missing::output);
            }
        }
    }

    @Test
    void theReleaseIsPrinted() {
        try (ForkedJvm tool = tool("--version")) {
            assertEquals(0, tool.awaitExit(), tool::output);
            assertTrue(tool.output().matches("Floodlock \\d+\\.\\d+\\.\\d+\\S*, JDK \\d+.*"), tool::output);
        }
    }

    @Test
    void checkReadsTheSettingsAsTheAgentDoes(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("shop.properties"), "floodlock.redis=" + redis.url() + "\n");
        try (ForkedJvm fromFile = ForkedJvm.jar(ClassPath.agentJar())
                        .args("check", "--config", file.toString())
                        .start();
                ForkedJvm fromEnvironment = ForkedJvm.jar(ClassPath.agentJar())
                        .environment("FLOODLOCK_REDIS", "redis://:s3cret@127.0.0.1:" + redis.port())
                        .args("check")
                        .start();
                ForkedJvm unknown = ForkedJvm.jar(ClassPath.agentJar())
                        .property("floodlock.typo", "x")
                        .args("check")
                        .start()) {
            assertEquals(0, fromFile.awaitExit(), fromFile::output);
            assertEquals(1, fromEnvironment.awaitExit(), fromEnvironment::output);
            // how it fails may differ: on a busy machine the password's refusal comes after the limit
            assertTrue(fromEnvironment.output().contains("127.0.0.1:" + redis.port()), fromEnvironment::output);
            assertFalse(fromEnvironment.output().contains("s3cret"), fromEnvironment::output);
            assertEquals(2, unknown.awaitExit(), unknown::output);
            assertTrue(unknown.output().contains("floodlock.typo"), unknown::output);
        }
    }

    private static void writesOnceItHasTheTables(Program app, Ledger ledger, List<String> ddl) {
        // the control: without them
        Reply before = app.call("write", "a", "before");
        assertTrue(
                before.thrown() != null && (before.text() + before.more()).contains("floodlock_fence"),
                before::toString);
        ddl.forEach(ledger::execute);
        app.call("write", "a", "after").value();
        assertEquals(1, ledger.count("after"));
        assertEquals(0, ledger.count("before"));
    }

    private static ForkedJvm tool(String... arguments) {
        return ForkedJvm.jar(ClassPath.agentJar())
                .property("floodlock.redis", redis.url())
                .args(arguments)
                .start();
    }

    private static List<String> ddl(String product, String role) {
        try (ForkedJvm tool = tool("ddl", product, "--role", role)) {
            assertEquals(0, tool.awaitExit(), tool::output);
            return tool.lines();
        }
    }

    private static Program.Builder app(Class<?> verbs) {
        return Program.of(verbs).redis(redis.url()).setting("namespace", Namespaces.next());
    }

    private static String driverFolder(Path folder) throws IOException {
        Path libraries = Files.createDirectories(folder.resolve("lib"));
        Path driver = ClassPath.of(Driver.class);
        Files.copy(driver, libraries.resolve(driver.getFileName()));
        return libraries.toString();
    }

    private static Path springBootJar(Path folder) throws IOException {
        Path jar = folder.resolve("shop.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Path library : ClassPath.jdbc()) {
                out.putNextEntry(new ZipEntry("BOOT-INF/lib/" + library.getFileName()));
                Files.copy(library, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
