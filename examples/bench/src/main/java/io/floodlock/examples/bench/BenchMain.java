package io.floodlock.examples.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.floodlock.examples.bench.Bench.Server;
import io.floodlock.examples.kit.Agent;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.KafkaServer;
import io.floodlock.testkit.PostgresServer;
import io.floodlock.testkit.RabbitMqServer;
import io.floodlock.testkit.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts the servers of each bench, and then the bench in a separate JVM. */
@Command(
        name = "examples/run bench",
        mixinStandardHelpOptions = true,
        description =
                "Measures Floodlock against its peers in interleaved rounds: a line per case, then a line per goal.")
final class BenchMain implements Callable<Integer> {

    private static final Duration LIMIT = Duration.ofMinutes(60);

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Which benches to run; all without a name.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "Fewer and shorter rounds, within 3 minutes.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the same figures to this file.")
    private Path json;

    @Option(
            names = "--only",
            paramLabel = "ROW",
            description =
                    "For bench locks and queue: only rows whose names start with ROW, as hot or inbox. Repeatable.")
    private List<String> only = List.of();

    /** The module whose libraries are those of a Kafka broker. */
    private static final String KAFKA_MODULE = "examples.kafka";

    /** Logback's property, for this JVM and for the measuring JVMs. */
    static final String LOGGING = "logback.configurationFile";

    static final String QUIET = "io/floodlock/examples/bench/quiet.xml";

    public static void main(String[] args) {
        System.setProperty(LOGGING, QUIET);
        System.exit(new CommandLine(new BenchMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Bench> chosen = names.isEmpty()
                ? Benches.ALL
                : names.stream().map(Benches::named).toList();
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode results = mapper.createArrayNode();
        int failed = 0;
        for (Bench bench : chosen) {
            Path part = Files.createTempFile("floodlock-bench-", ".json");
            if (!measured(bench, part)) {
                failed++;
            } else {
                results.add(mapper.readTree(part.toFile()));
            }
            Files.deleteIfExists(part);
        }
        if (json != null) {
            mapper.writerWithDefaultPrettyPrinter().writeValue(json.toFile(), results);
        }
        System.out.printf("bench: %d ran, %d failed%n", chosen.size() - failed, failed);
        return failed == 0 ? 0 : 1;
    }

    private static int postgresServers(Set<Server> needed) {
        return needed.contains(Server.TWO_POSTGRES) ? 2 : needed.contains(Server.POSTGRES) ? 1 : 0;
    }

    private boolean measured(Bench bench, Path part) throws Exception {
        Set<Server> needed = bench.servers(new BenchContext(new Report(System.out), quick, only));
        Deque<AutoCloseable> servers = new ArrayDeque<>();
        try {
            String redisUrl = "redis://127.0.0.1:6379";
            if (needed.contains(Server.REDIS)) {
                RedisServer redis = InstalledRedis.start("appendonly yes", "appendfsync everysec");
                servers.push(redis);
                redisUrl = redis.url();
            }
            ForkedJvm.Builder jvm = bench.woven()
                    ? Agent.jvm(BenchJvm.class.getName(), redisUrl)
                    : ForkedJvm.main(BenchJvm.class.getName());
            // the bench itself may start JVMs with the agent or with peers
            jvm.property("examples.agent", Agent.jar().toString())
                    .property(LockPeer.MODULE, System.getProperty(LockPeer.MODULE))
                    .property(BenchContext.REDIS, redisUrl)
                    .property(LOGGING, QUIET);
            for (int i = 0; i < postgresServers(needed); i++) {
                PostgresServer postgres = PostgresServer.start(Map.of());
                servers.push(postgres);
                jvm.property(BenchContext.POSTGRES + i, postgres.createDatabase("bench"));
            }
            if (needed.contains(Server.KAFKA)) {
                KafkaServer kafka = KafkaServer.start(Path.of(System.getProperty(KAFKA_MODULE), "target", "lib"));
                servers.push(kafka);
                jvm.property(BenchContext.KAFKA, kafka.bootstrapServers());
            }
            if (needed.contains(Server.RABBITMQ)) {
                Optional<RabbitMqServer> installed = RabbitMqServer.startIfInstalled();
                installed.ifPresent(rabbitMq -> {
                    servers.push(rabbitMq);
                    jvm.property(BenchContext.RABBITMQ, rabbitMq.amqpUri())
                            .property(BenchContext.RABBITMQ_STREAM, rabbitMq.streamUri());
                });
                if (installed.isEmpty()) {
                    System.out.println("rabbitmq absent: Debian's package rabbitmq-server is not installed");
                }
            }
            try (ForkedJvm running = jvm.args(
                            bench.name(), Boolean.toString(quick), part.toString(), String.join(",", only))
                    .onLine(System.out::println)
                    .start()) {
                return running.awaitExit(LIMIT) == 0;
            }
        } finally {
            for (AutoCloseable server : servers) {
                server.close();
            }
        }
    }
}
