package io.floodlock.examples.clinic;

import io.floodlock.examples.kit.Agent;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The whole clinic: a Redis, a PostgreSQL, and JVMs that run its unchanged jar. Not thread-safe. */
final class Clinic implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final Path folder = Path.of(System.getProperty("examples.clinic", ".."));
    private final Path logs = Path.of(System.getProperty("examples.logs", "target/logs"));
    private final boolean agent;
    private final RedisServer redis;
    private final PostgresServer postgres;
    private final String jdbcUrl;
    private final List<ForkedJvm> jvms = new ArrayList<>();

    /** Starts everything and returns when all JVMs serve requests. */
    static Clinic start(boolean agent, int jvms) throws IOException {
        Clinic clinic = new Clinic(agent);
        try {
            clinic.open(jvms);
            return clinic;
        } catch (IOException | RuntimeException | Error e) {
            clinic.close();
            throw e;
        }
    }

    private Clinic(boolean agent) {
        this.agent = agent;
        redis = RedisServer.start("appendonly yes", "appendfsync everysec");
        postgres = PostgresServer.start(Map.of());
        jdbcUrl = postgres.createDatabase("clinic");
    }

    private void open(int count) throws IOException {
        Files.createDirectories(logs);
        for (int i = 1; i <= count; i++) {
            Path log = logs.resolve((agent ? "jvm-" : "unprotected-jvm-") + i + ".log");
            Files.deleteIfExists(log);
            ForkedJvm.Builder jvm = ForkedJvm.jar(folder.resolve("app/target/clinic.jar"));
            if (agent) {
                Agent.on(jvm, redis.url()).property("floodlock.rules", rules().toString());
            }
            jvms.add(jvm.jvmArgs("-Xmx384m")
                    .property("server.port", "0")
                    .property("spring.datasource.url", jdbcUrl)
                    // the first JVM creates the tables; no JVM needs them to start
                    .property("spring.sql.init.mode", i == 1 ? "always" : "never")
                    .onLine(line -> write(log, line))
                    .start());
        }
        jvms.forEach(jvm -> jvm.awaitLine(line -> line.contains("Started ClinicApplication")));
    }

    /** The rules file, the only protection of the clinic. */
    Path rules() {
        return folder.resolve("floodlock.rules");
    }

    private static void write(Path log, String line) {
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + log, e);
        }
    }

    /** The address of each JVM. */
    List<URI> addresses() {
        return jvms.stream().map(Clinic::address).toList();
    }

    private static URI address(ForkedJvm jvm) {
        Matcher port = PORT.matcher(jvm.awaitLine(line -> PORT.matcher(line).find()));
        port.find();
        return URI.create("http://127.0.0.1:" + port.group(1));
    }

    String jdbcUrl() {
        return jdbcUrl;
    }

    @Override
    public void close() {
        jvms.forEach(ForkedJvm::close);
        postgres.close();
        redis.close();
    }
}
