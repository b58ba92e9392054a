package io.floodlock.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;

/**
 * A real cluster of redis-server processes on loopback, with the slots distributed evenly over its masters.
 * Thread-safe.
 */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<RedisServer> masters = new ArrayList<>();
    private final ConcurrentMap<RedisServer, RedisServer> replicas = new ConcurrentHashMap<>();

    /**
     * Starts a cluster and returns when all its nodes agree on its state.
     *
     * @param masters the number of masters, at least three
     * @param replicated how many of the masters, from the first, get a replica
     * @param configLines lines of redis.conf for all nodes
     */
    public static RedisCluster start(int masters, int replicated, String... configLines) {
        RedisCluster cluster = new RedisCluster();
        try {
            cluster.launch(masters, configLines);
            cluster.replicate(replicated, configLines);
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private RedisCluster() {}

    private void launch(int count, String... configLines) {
        for (int i = 0; i < count; i++) {
            masters.add(node(configLines));
        }
        for (int i = 0; i < count; i++) {
            List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            IntStream.range(SLOTS * i / count, SLOTS * (i + 1) / count)
                    .mapToObj(Integer::toString)
                    .forEach(command::add);
            masters.get(i).cli(command.toArray(String[]::new));
            masters.get(i).cli("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (RedisServer other : masters.subList(1, count)) {
            meet(other);
        }
        masters.forEach(node -> awaitWhole(node, count));
    }

    private void replicate(int count, String... configLines) {
        for (RedisServer master : masters.subList(0, count)) {
            RedisServer replica = node(configLines);
            replicas.put(master, replica);
            meet(replica);
            Await.until(
                    () -> "the replica knows its master: " + replica.cli("CLUSTER", "NODES"),
                    LIMIT,
                    () -> replica.cli("CLUSTER", "NODES").contains(id(master))
                            && replica.cli("CLUSTER", "REPLICATE", id(master)).equals("OK"));
        }
        int all = masters.size() + count;
        masters.forEach(node -> awaitWhole(node, all));
        replicas.forEach((master, replica) -> {
            awaitWhole(replica, all);
            awaitLink(replica);
            Await.until(
                    () -> "all know the replica: " + master.cli("CLUSTER", "NODES"),
                    LIMIT,
                    () -> masters.stream()
                            .allMatch(node -> node.cli("CLUSTER", "NODES").contains("slave " + id(master))));
        });
    }

    private static RedisServer node(String... configLines) {
        List<String> lines = new ArrayList<>(List.of("cluster-enabled yes", "cluster-node-timeout 2000"));
        lines.addAll(List.of(configLines));
        return RedisServer.start(FreePort.forClusterNode(), lines, List.of());
    }

    private void meet(RedisServer other) {
        masters.get(0).cli("CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()));
    }

    private static void awaitWhole(RedisServer node, int nodes) {
        Await.until(() -> "the cluster is complete: " + node.cli("CLUSTER", "INFO"), LIMIT, () -> {
            String info = node.cli("CLUSTER", "INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + nodes);
        });
    }

    static void awaitLink(RedisServer replica) {
        Await.until(
                () -> "the replica is connected: " + replica.cli("INFO", "replication"),
                LIMIT,
                () -> replica.cli("INFO", "replication").contains("master_link_status:up"));
    }

    /** The value for {@code floodlock.redis}: two nodes, from which clients learn the others. */
    public String url() {
        return masters.get(0).url() + "," + masters.get(1).url();
    }

    /** The masters with which the cluster started. */
    public List<RedisServer> masters() {
        return List.copyOf(masters);
    }

    /** The replica with which the master started. */
    public RedisServer replicaOf(RedisServer master) {
        return replicas.get(master);
    }

    /** The node that owns the slot of a key. */
    public RedisServer ownerOf(String key) {
        int slot = slotOf(key);
        String nodes = masters.stream()
                .filter(RedisServer::running)
                .findFirst()
                .orElseThrow()
                .cli("CLUSTER", "SLOTS");
        String[] lines = nodes.split("\n");
        for (int i = 0; i + 3 < lines.length; i++) {
            if (lines[i].matches("\\d+") && lines[i + 1].matches("\\d+") && lines[i + 2].equals("127.0.0.1")) {
                if (Integer.parseInt(lines[i]) <= slot && slot <= Integer.parseInt(lines[i + 1])) {
                    return node(Integer.parseInt(lines[i + 3]));
                }
            }
        }
        throw new IllegalStateException("no node owns slot " + slot + "\n" + nodes);
    }

    private RedisServer node(int port) {
        List<RedisServer> all = new ArrayList<>(masters);
        all.addAll(replicas.values());
        return all.stream().filter(node -> node.port() == port).findFirst().orElseThrow();
    }

    /** A slot that is moving from one master to another: both know of the move, and clients are redirected. */
    public final class Migration {

        private final String slot;
        private final RedisServer from;
        private final RedisServer to;

        private Migration(int slot, RedisServer from, RedisServer to) {
            this.slot = Integer.toString(slot);
            this.from = from;
            this.to = to;
        }

        /** Moves all keys that the slot holds now; from now on the first owner answers ASK for them. */
        public void moveKeys() {
            for (String key : from.cli("CLUSTER", "GETKEYSINSLOT", slot, "100").split("\n")) {
                if (!key.isEmpty()) {
                    expectOk(from.cli("MIGRATE", "127.0.0.1", Integer.toString(to.port()), key, "0", "5000"));
                }
            }
        }

        /**
         * Assigns the slot to the second owner, after all keys have been moved; from now on the first owner answers
         * MOVED.
         */
        public void finish() {
            expectOk(to.cli("CLUSTER", "SETSLOT", slot, "NODE", id(to)));
            expectOk(from.cli("CLUSTER", "SETSLOT", slot, "NODE", id(to)));
        }
    }

    /** Starts to move the slot of a key to another master. */
    public Migration migrate(String key, RedisServer to) {
        RedisServer from = ownerOf(key);
        Migration migration = new Migration(slotOf(key), from, to);
        expectOk(to.cli("CLUSTER", "SETSLOT", migration.slot, "IMPORTING", id(from)));
        expectOk(from.cli("CLUSTER", "SETSLOT", migration.slot, "MIGRATING", id(to)));
        return migration;
    }

    /** Waits until the replica has been promoted to master. */
    public void awaitPromotion(RedisServer replica) {
        Await.until(
                () -> "the replica is promoted: " + replica.cli("CLUSTER", "NODES"),
                LIMIT,
                () -> replica.cli("INFO", "replication").contains("role:master")
                        && replica.cli("CLUSTER", "INFO").contains("cluster_state:ok"));
    }

    private int slotOf(String key) {
        return Integer.parseInt(masters.stream()
                .filter(RedisServer::running)
                .findFirst()
                .orElseThrow()
                .cli("CLUSTER", "KEYSLOT", key));
    }

    private static String id(RedisServer node) {
        return node.cli("CLUSTER", "MYID");
    }

    private static void expectOk(String reply) {
        if (!reply.equals("OK")) {
            throw new IllegalStateException(reply);
        }
    }

    @Override
    public void close() {
        masters.forEach(RedisServer::close);
        replicas.values().forEach(RedisServer::close);
    }
}
