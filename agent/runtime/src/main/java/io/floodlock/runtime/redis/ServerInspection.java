package io.floodlock.runtime.redis;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.command.RedisErrors;
import io.floodlock.runtime.redis.command.RequestHealth;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.runtime.redis.connection.ClientConfig;
import io.floodlock.runtime.redis.connection.ClientProfile;
import io.floodlock.runtime.redis.connection.LiveConnection;
import io.floodlock.runtime.redis.connection.ServerRequirements;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode;
import org.redisson.api.redisnode.RedisNode.InfoSection;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.api.redisnode.RedisSentinel;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.redisson.config.SentinelServersConfig;

/**
 * The state of a Redis deployment, read over the connection that the agent would use, to check whether it meets the
 * requirements. {@code RedisChecks} of the command {@code check} reads it.
 *
 * @param nodes the masters
 * @param denied commands that the user has no right to run
 * @param channels whether the user may subscribe to channels
 * @param downAfter time without a reply after which the Sentinels consider a master down; null without Sentinels
 */
public record ServerInspection(
        Topology topology, List<Node> nodes, List<String> denied, boolean channels, Duration downAfter) {

    /** How the servers are deployed. */
    public enum Topology {
        SINGLE,
        SENTINEL,
        CLUSTER,
        OTHER
    }

    /**
     * @param address host and port
     * @param info of the sections server, memory, persistence and replication
     * @param config by name, as far as the user may read it
     * @param clockAhead difference between the node's clock and this machine's, to within half the round trip
     */
    public record Node(String address, Map<String, String> info, Map<String, String> config, Duration clockAhead) {

        /** Why the agent would refuse the node, with the remedy; null if it would not. */
        public String whyRefused() {
            try {
                new ServerRequirements(address, info).check();
                return null;
            } catch (FloodlockFailure e) {
                return e.getMessage();
            }
        }
    }

    private static final Script RIGHTS = Script.load(ServerInspection.class, "rights.lua");
    private static final String CHANNEL = "floodlock:check";
    private static final List<String> PARAMETERS =
            List.of("appendfsync", "cluster-node-timeout", "min-replicas-to-write");

    /**
     * Connects and reads the state; blocks.
     *
     * @throws FloodlockFailure with the remedy, if Redis can't be reached, or the user lacks a right that all else
     *     needs
     */
    public static ServerInspection of(Settings settings) {
        LiveConnection connection =
                LiveConnection.unchecked(settings, ClientProfile.MAIN, new RequestHealth(), () -> {});
        try {
            return of(settings, connection.redisson());
        } catch (RuntimeException e) {
            throw RedisErrors.explain(ClientConfig.address(settings), e);
        } finally {
            connection.close();
        }
    }

    private static ServerInspection of(Settings settings, RedissonClient redisson) {
        Config config = redisson.getConfig();
        Topology topology;
        Collection<? extends RedisNode> masters;
        Duration downAfter = null;
        if (config.isClusterConfig()) {
            topology = Topology.CLUSTER;
            masters = redisson.getRedisNodes(RedisNodes.CLUSTER).getMasters();
        } else if (config.isSentinelConfig()) {
            topology = Topology.SENTINEL;
            var nodes = redisson.getRedisNodes(RedisNodes.SENTINEL_MASTER_SLAVE);
            masters = List.of(nodes.getMaster());
            downAfter = downAfter(nodes.getSentinels(), ((SentinelServersConfig) ConfigSupport.getConfig(config)));
        } else if (config.isSingleConfig()) {
            topology = Topology.SINGLE;
            masters = List.of(redisson.getRedisNodes(RedisNodes.SINGLE).getInstance());
        } else {
            topology = Topology.OTHER;
            masters = List.of(redisson.getRedisNodes(RedisNodes.MASTER_SLAVE).getMaster());
        }
        List<Node> nodes = new ArrayList<>();
        for (RedisNode master : masters) {
            nodes.add(node(master));
        }
        return new ServerInspection(topology, nodes, denied(redisson), mayListen(redisson), downAfter);
    }

    private static Duration downAfter(Collection<RedisSentinel> sentinels, SentinelServersConfig config) {
        Duration longest = null;
        for (RedisSentinel sentinel : sentinels) {
            String millis = sentinel.getMaster(config.getMasterName()).get("down-after-milliseconds");
            Duration time = millis == null ? null : Duration.ofMillis(Long.parseLong(millis));
            if (time != null && (longest == null || time.compareTo(longest) > 0)) {
                longest = time;
            }
        }
        return longest;
    }

    private static Node node(RedisNode master) {
        Map<String, String> info = new HashMap<>();
        for (InfoSection section :
                List.of(InfoSection.SERVER, InfoSection.MEMORY, InfoSection.PERSISTENCE, InfoSection.REPLICATION)) {
            info.putAll(master.info(section));
        }
        Map<String, String> config = new HashMap<>();
        for (String name : PARAMETERS) {
            try {
                config.putAll(master.getConfig(name));
            } catch (RuntimeException e) {
                // an application's user rarely has this right, and does not need it
            }
        }
        InetSocketAddress address = master.getAddr();
        return new Node(address.getHostString() + ":" + address.getPort(), info, config, clockAhead(master));
    }

    private static Duration clockAhead(RedisNode master) {
        long before = System.nanoTime();
        var time = master.time();
        Duration half = Duration.ofNanos((System.nanoTime() - before) / 2);
        long theirs = TimeUnit.SECONDS.toMicros(time.getSeconds()) + time.getMicroseconds();
        long ours = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) - half.toNanos() / 1_000;
        return Duration.of(theirs - ours, ChronoUnit.MICROS);
    }

    private static List<String> denied(RedissonClient redisson) {
        List<Object> reply = redisson.getScript(StringCodec.INSTANCE)
                .eval(
                        CHANNEL,
                        RScript.Mode.READ_WRITE,
                        RIGHTS.text(),
                        RScript.ReturnType.LIST,
                        List.of(CHANNEL),
                        CHANNEL);
        return reply.stream().map(String::valueOf).toList();
    }

    private static boolean mayListen(RedissonClient redisson) {
        try {
            var topic = redisson.getTopic(CHANNEL, StringCodec.INSTANCE);
            int listener = topic.addListener(String.class, (channel, message) -> {});
            topic.removeListener(listener);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
