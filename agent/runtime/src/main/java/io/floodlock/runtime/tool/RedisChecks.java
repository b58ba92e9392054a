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

/** Whether the Redis that the settings name keeps what Floodlock tells it, and lets the user do what it needs. */
public final class RedisChecks {

    private static final String ACL_REMEDY = "the user may not run them: ACL SETUSER <user> " + AclRights.RIGHTS;

    private static final long MEGABYTE = 1_048_576;

    private final Settings settings;
    private final List<Check> checks = new ArrayList<>();

    private RedisChecks(Settings settings) {
        this.settings = settings;
    }

    /** Connects as the agent would and looks at each master; blocks. A Redis that can't be used is a finding. */
    public static List<Check> of(Settings settings) {
        RedisChecks all = new RedisChecks(settings);
        if (settings.embeddedRedis() && settings.redisson().isEmpty()) {
            return List.of(Check.finding(
                    "Redis", "server", "embedded", "it is for development: set floodlock.redis to a server's URL"));
        }
        try {
            all.inspect(ServerInspection.of(settings));
        } catch (FloodlockFailure e) {
            all.checks.add(Check.finding("Redis", "connection", "refused", e.getMessage()));
        }
        return all.checks;
    }

    /** What is to be said of that. */
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
                redis.channels() ? "may listen" : "may not listen",
                redis.channels(),
                "waiting calls are woken by channels: ACL SETUSER <user> " + AclRights.RIGHTS));
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
        checks.add(
                Check.of(
                        at,
                        "clock",
                        ahead.toMillis() + " ms ahead of this machine's",
                        ahead.abs().compareTo(allowed) <= 0,
                        "after a failover leases are judged by another clock; more than " + allowed.toMillis()
                                + " ms (a tenth of floodlock.lease) ends them early or late. Let NTP keep the servers' clocks"));
        replication(topology, at, node);
        if (topology == Topology.CLUSTER) {
            String timeout = node.config().get("cluster-node-timeout");
            if (timeout == null) {
                checks.add(Check.unknown(at, "cluster-node-timeout", mayAsk("cluster-node-timeout")));
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
                "at maxmemory it refuses new locks and calls: CONFIG SET maxmemory to more, or remove data"));
    }

    private void persistence(String at, Map<String, String> info, String fsync) {
        boolean kept = "1".equals(info.get("aof_enabled"));
        checks.add(
                Check.of(
                        at,
                        "appendonly",
                        kept ? "yes" : "no",
                        kept,
                        "a restart forgets accepted calls and all locks: CONFIG SET appendonly yes, and the same in redis.conf"));
        if (!kept) {
            return;
        }
        if (fsync == null) {
            checks.add(Check.unknown(at, "appendfsync", mayAsk("appendfsync")));
        } else {
            checks.add(Check.of(
                    at,
                    "appendfsync",
                    fsync.equals("everysec") ? "everysec: two seconds of accepted calls may go with the server" : fsync,
                    !fsync.equals("no"),
                    "the system decides when calls reach the disk: CONFIG SET appendfsync always, or everysec"));
        }
        boolean written = info.getOrDefault("aof_last_write_status", "ok").equals("ok");
        checks.add(Check.of(
                at,
                "append-only file",
                written ? "written" : "last write failed",
                written,
                "look at the server's log and at the space on its disk"));
    }

    private void replication(Topology topology, String at, Node node) {
        String replicas = node.info().getOrDefault("connected_slaves", "0");
        boolean needed = topology == Topology.SENTINEL || topology == Topology.CLUSTER;
        checks.add(Check.of(
                at,
                "replicas",
                replicas,
                !needed || !replicas.equals("0"),
                "nothing can take this master's place: give it a replica"));
        for (int i = 0; node.info().containsKey("slave" + i); i++) {
            String replica = node.info().get("slave" + i);
            checks.add(Check.of(
                    at,
                    "replica " + i,
                    replica,
                    replica.contains("state=online"),
                    "it isn't in step and would lose what it lacks if it took the master's place; look at its log"));
        }
    }

    /** From the master's death to its replica's first answer it takes about twice as long as noticing the death does. */
    private void failover(String at, String name, Duration notice, String command) {
        Duration most = settings.lease().dividedBy(3);
        checks.add(Check.of(
                at,
                name,
                notice.toMillis() + " ms",
                notice.compareTo(most) <= 0,
                "a failover takes about twice that, and with floodlock.lease = "
                        + settings.lease().toMillis()
                        + " ms what is in flight is then vetoed: " + command + " " + most.toMillis()
                        + " or less, or a longer floodlock.lease"));
    }

    private static String mayAsk(String name) {
        return "the user may not CONFIG GET " + name + "; run check with one who may, or ask the server's owner";
    }
}
