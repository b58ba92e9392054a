package io.floodlock.runtime.redis.connection;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.command.CommandEncoder;
import io.floodlock.runtime.redis.command.PendingRequests;
import io.floodlock.runtime.redis.command.RedisErrors;
import io.floodlock.runtime.redis.command.RequestHealth;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.runtime.thread.AgentThreads;
import io.netty.util.concurrent.EventExecutor;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisClusterMaster;
import org.redisson.api.redisnode.RedisNode;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.codec.StringCodec;
import org.redisson.command.CommandAsyncExecutor;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the agent to Redis: a Redisson client with its threads and its unanswered requests.
 * {@code RedisGateway} opens it, which checks the server, and closes it when another one replaces it. A closed one is
 * not opened again.
 *
 * @param io a thread that reads from and writes to Redis
 * @param patience time within which Redisson answers or fails each request
 */
public record LiveConnection(
        RedissonClient redisson,
        CommandEncoder scripts,
        PendingRequests requests,
        ExecutorService executor,
        EventExecutor io,
        Duration patience,
        ServerRequirements server) {

    private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);
    private static final Duration SLACK = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);
    private static final Script PROBE = Script.load(LiveConnection.class, "probe.lua");

    /** Connects and checks the server; blocks, so only an agent thread may call it. */
    public static LiveConnection open(
            Settings settings, ClientProfile profile, RequestHealth health, Runnable changed) {
        LiveConnection connection = unchecked(settings, profile, health, changed);
        try {
            connection.check();
            return connection;
        } catch (RuntimeException | Error e) {
            connection.close();
            throw RedisErrors.explain(ClientConfig.address(settings), e);
        }
    }

    /** Connects without checking that the server meets the requirements. */
    public static LiveConnection unchecked(
            Settings settings, ClientProfile profile, RequestHealth health, Runnable changed) {
        if (settings.redisson().isEmpty() && settings.redis().size() > 1) {
            return connect(settings, profile, true, health, changed);
        }
        try {
            LiveConnection connection = connect(settings, profile, false, health, changed);
            if (settings.redisson().isPresent() || !connection.server.cluster()) {
                return connection;
            }
            connection.close();
        } catch (FloodlockFailure e) {
            if (!RedisErrors.movedInCluster(e)) {
                throw e;
            }
        }
        return connect(settings, profile, true, health, changed);
    }

    private static LiveConnection connect(
            Settings settings, ClientProfile profile, boolean cluster, RequestHealth health, Runnable changed) {
        String address = ClientConfig.address(settings);
        ExecutorService executor = new AgentThreads("floodlock-redis-" + profile.name()).pool(2);
        RedissonClient redisson = null;
        try {
            Config config = ClientConfig.of(settings, profile, cluster, executor);
            config.setConnectionListener(new ConnectEvents(changed));
            config.setNettyHook(new DisconnectEvents(changed));
            redisson = Redisson.create(config);
            makeTimerDaemon(redisson);
            List<Object> reply = redisson.getScript(StringCodec.INSTANCE)
                    .eval(
                            "floodlock:probe",
                            RScript.Mode.READ_WRITE,
                            PROBE.text(),
                            RScript.ReturnType.LIST,
                            List.of("floodlock:probe"),
                            "floodlock:probe");
            ServerRequirements server = ServerRequirements.of(address, reply);
            CommandAsyncExecutor commands = ((Redisson) redisson).getCommandExecutor();
            EventExecutor io = commands.getServiceManager().getGroup().next();
            return new LiveConnection(
                    redisson,
                    new CommandEncoder(commands),
                    new PendingRequests(address, io, health),
                    executor,
                    io,
                    patience(ConfigSupport.getConfig(config)),
                    server);
        } catch (RuntimeException | Error e) {
            close(redisson, executor);
            FloodlockFailure failure = RedisErrors.explain(address, e);
            FloodlockFailure mistake = RedisErrors.isPermanent(failure) ? null : TlsMismatch.mistake(settings);
            throw mistake == null ? failure : mistake;
        }
    }

    /** Counts retries, which a configuration file may enable. */
    private static Duration patience(BaseConfig<?> servers) {
        int retries = servers.getRetryAttempts();
        return Duration.ofMillis(servers.getTimeout() * (1L + retries)).plus(SLACK.multipliedBy(1L + 2L * retries));
    }

    private void check() {
        server.check();
        if (redisson.getConfig().isClusterConfig()) {
            // the probe has checked only the master that serves its key
            for (RedisClusterMaster master :
                    redisson.getRedisNodes(RedisNodes.CLUSTER).getMasters()) {
                Map<String, String> info = new HashMap<>(master.info(RedisNode.InfoSection.SERVER));
                info.putAll(master.info(RedisNode.InfoSection.MEMORY));
                InetSocketAddress address = master.getAddr();
                new ServerRequirements(address.getHostString() + ":" + address.getPort(), info).check();
            }
        }
    }

    /**
     * Redisson creates its timer's thread itself. The thread is not a daemon, so an application whose main method has
     * returned would never exit. The thread starts with the first command; before that it can be made a daemon.
     */
    private static void makeTimerDaemon(RedissonClient redisson) {
        try {
            Object manager = ((Redisson) redisson).getCommandExecutor().getServiceManager();
            Field timer = manager.getClass().getDeclaredField("timer");
            timer.setAccessible(true);
            Object wheel = timer.get(manager);
            Field worker = wheel.getClass().getDeclaredField("workerThread");
            worker.setAccessible(true);
            Thread thread = (Thread) worker.get(wheel);
            thread.setDaemon(true);
            thread.setName("floodlock-redis-timer");
        } catch (ReflectiveOperationException | IllegalThreadStateException e) {
            throw new IllegalStateException(
                    "Redisson's timer thread can't be made a daemon; is this another version of Redisson?", e);
        }
    }

    /** An object that stands for the master of the key's slot. */
    public Object master(String key) {
        Object master = ((Redisson) redisson)
                .getCommandExecutor()
                .getConnectionManager()
                .getEntry(scripts.mapped(key));
        // a slot without a master, for a moment, counts as one of its own
        return master == null ? key : master;
    }

    /** Closes the connection within three seconds, even if its threads no longer work. */
    public void close() {
        requests.endAll();
        close(redisson, executor);
    }

    private static void close(RedissonClient redisson, ExecutorService executor) {
        if (redisson != null) {
            // on a thread of its own, as the shutdown may block forever
            Thread closing = AgentThreads.daemon("floodlock-redis-close", () -> shutDown(redisson));
            closing.start();
            try {
                closing.join(CLOSE_PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        executor.shutdown();
    }

    private static void shutDown(RedissonClient redisson) {
        try {
            redisson.shutdown(0, 2, TimeUnit.SECONDS);
        } catch (RuntimeException | Error e) {
            LOG.debug("Redisson's shutdown failed; an Error may have ended some of its threads", e);
        }
    }
}
