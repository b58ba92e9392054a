package io.floodlock.runtime.tool;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.ServerInspection;
import io.floodlock.runtime.redis.ServerInspection.Node;
import io.floodlock.runtime.redis.ServerInspection.Topology;
import io.floodlock.runtime.redis.command.AclRights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checks whether the Redis of the settings keeps the data that Floodlock stores, and whether the user has the rights
 * that Floodlock needs. The {@code check} command calls {@link #of(Settings)}. Not thread-safe.
 */
public final class RedisChecks {

    private static final String ACL_REMEDY =
            "the user may not run these commands: ACL SETUSER <user> " + AclRights.RIGHTS;

    private static final long MEGABYTE = 1_048_576;

    private final Settings settings;
    private final List<Check> checks = new ArrayList<>();

    private RedisChecks(Settings settings) {
        this.settings = settings;
    }

    /**
     * Connects as the agent would, and checks each master. Blocks. A Redis that can't be used is a finding, not an
     * exception.
     */
    public static List<Check> of(Settings settings) {
        RedisChecks all = new RedisChecks(settings);
        if (settings.embeddedRedis() && settings.redisson().isEmpty()) {
            return List.of(Check.finding(
                    "Redis",
                    "server",
                    "embedded",
                    "the embedded server is for development only: set floodlock.redis to the URL of a server"));
        }
        try {
            all.inspect(ServerInspection.of(settings));
        } catch (FloodlockFailure e) {
            all.checks.add(Check.finding("Redis", "connection", "refused", e.getMessage()));
        }
        return all.checks;
    }

    /** The checks of an inspected Redis. */
    static List<Check> of(Settings settings, ServerInspection redis) {
        RedisChecks all = new RedisChecks(settings);
        all.inspect(redis);
        return all.checks;
    }

    private void inspect(ServerInspection redis) {
        checks.add(Check.fine(
                "Redis",
                "topology",
                redis.topology().name().toLowerCase(Locale.ROOT) + ", "
                        + redis.nodes().size() + (redis.nodes().size() == 1 ? " master" : " masters")));
        checks.add(Check.of(
                "Redis",
                "rights",
                redis.denied().isEmpty() ? "all commands" : "denied: " + String.join(", ", redis.denied()),
                redis.denied().isEmpty(),
                ACL_REMEDY));
        checks.add(Check.of(
                "Redis",
                "channels",
                redis.channels() ? "subscribing is allowed" : "subscribing is denied",
                redis.channels(),
                "pub/sub messages wake waiting calls: ACL SETUSER <user> " + AclRights.RIGHTS));
        if (redis.downAfter() != null) {
            failover(
                    "Redis", "sentinel down-after", redis.downAfter(), "SENTINEL SET <master> down-after-milliseconds");
        }
        for (Node node : redis.nodes()) {
            inspect(redis.topology(), node);
        }
    }

    private void inspect(Topology topology, Node node) {
        String at = "Redis " + node.address();
        Map<String, String> info = node.info();
        String refused = node.whyRefused();
        String version = info.getOrDefault("redis_version", "?");
        boolean policyFine = info.getOrDefault("maxmemory_policy", "noeviction").equals("noeviction");
        checks.add(Check.of(at, "version", version, refused == null || !policyFine, String.valueOf(refused)));
        checks.add(Check.of(
                at,
                "eviction policy",
                info.getOrDefault("maxmemory_policy", "?"),
                policyFine,
                String.valueOf(refused)));
        memory(at, info);
        persistence(at, info, node.config().get("appendfsync"));
        Duration ahead = node.clockAhead();
        Duration allowed = settings.lease().dividedBy(10);
        checks.add(Check.of(
                at,
                "clock",
                ahead.toMillis() + " ms ahead of this machine's",
                ahead.abs().compareTo(allowed) <= 0,
                "after a failover another clock decides when leases end; a difference of more than "
                        + allowed.toMillis()
                        + " ms (a tenth of floodlock.lease) ends them early or late."
                        + " Synchronize the servers by NTP"));
        replication(topology, at, node);
        if (topology == Topology.CLUSTER) {
            String timeout = node.config().get("cluster-node-timeout");
            if (timeout == null) {
                checks.add(Check.unknown(at, "cluster-node-timeout", configDenied("cluster-node-timeout")));
            } else {
                failover(
                        at,
                        "cluster-node-timeout",
                        Duration.ofMillis(Long.parseLong(timeout)),
                        "CONFIG SET cluster-node-timeout");
            }
        }
    }

    private void memory(String at, Map<String, String> info) {
        long used = Long.parseLong(info.getOrDefault("used_memory", "0"));
        long most = Long.parseLong(info.getOrDefault("maxmemory", "0"));
        checks.add(Check.of(
                at,
                "memory",
                used / MEGABYTE + " MB" + (most == 0 ? ", no limit" : " of " + most / MEGABYTE + " MB"),
                most == 0 || used < most - most / 10,
                "at maxmemory Redis refuses new locks and calls: raise it with CONFIG SET maxmemory, or remove data"));
    }

    private void persistence(String at, Map<String, String> info, String fsync) {
        boolean kept = "1".equals(info.get("aof_enabled"));
        checks.add(Check.of(
                at,
                "appendonly",
                kept ? "yes" : "no",
                kept,
                "a restart loses stored calls and all locks: CONFIG SET appendonly yes,"
                        + " and the same in redis.conf"));
        if (!kept) {
            return;
        }
        if (fsync == null) {
            checks.add(Check.unknown(at, "appendfsync", configDenied("appendfsync")));
        } else {
            checks.add(Check.of(
                    at,
                    "appendfsync",
                    fsync.equals("everysec")
                            ? "everysec: two seconds of stored calls may be lost with the server"
                            : fsync,
                    !fsync.equals("no"),
                    "the operating system decides when calls reach the disk:"
                            + " CONFIG SET appendfsync always, or everysec"));
        }
        boolean written = info.getOrDefault("aof_last_write_status", "ok").equals("ok");
        checks.add(Check.of(
                at,
                "append-only file",
                written ? "written" : "last write failed",
                written,
                "check the server's log and the free space on its disk"));
    }

    private void replication(Topology topology, String at, Node node) {
        String replicas = node.info().getOrDefault("connected_slaves", "0");
        boolean needed = topology == Topology.SENTINEL || topology == Topology.CLUSTER;
        checks.add(Check.of(
                at,
                "replicas",
                replicas,
                !needed || !replicas.equals("0"),
                "no server can replace this master after a failure: add a replica"));
        for (int i = 0; node.info().containsKey("slave" + i); i++) {
            String replica = node.info().get("slave" + i);
            checks.add(Check.of(
                    at,
                    "replica " + i,
                    replica,
                    replica.contains("state=online"),
                    "it is not synchronized, and a failover to it would lose the missing data; check its log"));
        }
    }

    /**
     * A failover takes about twice as long as the detection of the master's death: from the death to the first reply
     * of its replica.
     */
    private void failover(String at, String name, Duration notice, String command) {
        Duration most = settings.lease().dividedBy(3);
        checks.add(Check.of(
                at,
                name,
                notice.toMillis() + " ms",
                notice.compareTo(most) <= 0,
                "a failover takes about twice that, and with floodlock.lease = "
                        + settings.lease().toMillis()
                        + " ms commits under way are then vetoed: " + command + " " + most.toMillis()
                        + " or less, or a longer floodlock.lease"));
    }

    private static String configDenied(String name) {
        return "the user may not CONFIG GET " + name
                + "; run check with a user that may, or ask the server's administrator";
    }
}
