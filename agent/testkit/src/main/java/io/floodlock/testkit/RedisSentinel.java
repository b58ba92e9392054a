package io.floodlock.testkit;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real Redis master with a replica, monitored by one Sentinel, all on loopback. Thread-safe.
 *
 * <p>The Sentinel decides alone, half a second after the master stopped answering, so that failovers are fast.
 */
public final class RedisSentinel implements AutoCloseable {

    public static final String MASTER_NAME = "primary";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<RedisServer> servers = new ArrayList<>();
    private final RedisServer sentinel;

    /**
     * Starts the servers and returns when the replica is connected and the Sentinel knows it.
     *
     * @param configLines lines of redis.conf for master and replica
     */
    public static RedisSentinel start(String... configLines) {
        List<RedisServer> started = new ArrayList<>();
        try {
            return new RedisSentinel(started, configLines);
        } catch (RuntimeException | Error e) {
            started.forEach(RedisServer::close);
            throw e;
        }
    }

    private RedisSentinel(List<RedisServer> started, String... configLines) {
        RedisServer first = RedisServer.start(configLines);
        started.add(first);
        List<String> lines = new ArrayList<>(List.of(configLines));
        lines.add("replicaof 127.0.0.1 " + first.port());
        RedisServer second = RedisServer.start(lines.toArray(String[]::new));
        started.add(second);
        RedisCluster.awaitLink(second);
        sentinel = RedisServer.start(
                FreePort.onLoopback(),
                List.of(
                        "sentinel monitor " + MASTER_NAME + " 127.0.0.1 " + first.port() + " 1",
                        "sentinel down-after-milliseconds " + MASTER_NAME + " 500",
                        "sentinel failover-timeout " + MASTER_NAME + " 5000"),
                List.of("--sentinel"));
        started.add(sentinel);
        servers.add(first);
        servers.add(second);
        awaitSentinelSees("num-slaves\n1\n");
    }

    private void awaitSentinelSees(String text) {
        Await.until(
                () -> "the Sentinel sees " + text + "in " + masterState(),
                LIMIT,
                () -> (masterState() + "\n").contains("\n" + text));
    }

    private String masterState() {
        return sentinel.cli("SENTINEL", "MASTER", MASTER_NAME);
    }

    /** The server that the Sentinel regards as the master now. */
    public RedisServer master() {
        String[] address =
                sentinel.cli("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME).split("\n");
        return servers.stream()
                .filter(server -> Integer.toString(server.port()).equals(address[1]))
                .findFirst()
                .orElseThrow();
    }

    /** The server that is not the {@link #master()}. */
    public RedisServer replica() {
        RedisServer master = master();
        return servers.stream().filter(server -> server != master).findFirst().orElseThrow();
    }

    /** The Sentinel itself. */
    public RedisServer sentinel() {
        return sentinel;
    }

    /** A Redisson configuration for clients. */
    public String redissonYaml() {
        return "sentinelServersConfig:\n  masterName: " + MASTER_NAME + "\n  checkSentinelsList: false\n"
                + "  sentinelAddresses:\n    - \"" + sentinel.url() + "\"\n";
    }

    /** Stops the replica, so that it misses later writes of the master; returns the replica. */
    public RedisServer leaveReplicaBehind() {
        RedisServer replica = replica();
        replica.pause();
        // data sent to a stopped process waits in its socket, so the link itself must be cut
        master().cli("CLIENT", "KILL", "TYPE", "replica");
        return replica;
    }

    /** Waits until this server is the master, for itself and for the Sentinel. */
    public void awaitPromotion(RedisServer replica) {
        Await.until(
                () -> "the replica is promoted: " + masterState(),
                LIMIT,
                () -> isMaster(replica) && master() == replica);
    }

    private static boolean isMaster(RedisServer server) {
        try {
            return server.cli("INFO", "replication").contains("role:master");
        } catch (UncheckedIOException e) {
            // a Sentinel closes all connections of a server that it promotes
            return false;
        }
    }

    @Override
    public void close() {
        sentinel.close();
        servers.forEach(RedisServer::close);
    }
}
