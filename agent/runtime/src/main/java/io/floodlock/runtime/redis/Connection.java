package io.floodlock.runtime.redis;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.thread.AgentThreads;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
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
import org.redisson.config.Config;

/**
 * One live Redisson client and its threads.
 *
 * @param io one of those that read from and write to Redis
 */
record Connection(
        RedissonClient redisson, ScriptCalls scripts, ExecutorService executor, Executor io, Requirements server) {

    private static final Script PROBE = Script.load(Connection.class, "probe.lua");

    /** Connects and checks the server; blocks, so only on a thread of the agent. */
    static Connection open(Settings settings, Profile profile, Runnable changed) {
        Connection connection = unchecked(settings, profile, changed);
        try {
            connection.check();
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw Problems.explain(ClientConfig.address(settings), e);
        }
    }

    /** Connects to a server that may lack what Floodlock needs. */
    static Connection unchecked(Settings settings, Profile profile, Runnable changed) {
        if (settings.redisson().isEmpty() && settings.redis().size() > 1) {
            return connect(settings, profile, true, changed);
        }
        try {
            Connection connection = connect(settings, profile, false, changed);
            if (settings.redisson().isPresent() || !connection.server.cluster()) {
                return connection;
            }
            connection.close();
        } catch (FloodlockFailure e) {
            if (!Problems.movedInCluster(e)) {
                throw e;
            }
        }
        return connect(settings, profile, true, changed);
    }

    private static Connection connect(Settings settings, Profile profile, boolean cluster, Runnable changed) {
        String address = ClientConfig.address(settings);
        ExecutorService executor = new AgentThreads("floodlock-redis-" + profile.name()).pool(2);
        RedissonClient redisson = null;
        try {
            Config config = ClientConfig.of(settings, profile, cluster, executor);
            config.setConnectionListener(new Connects(changed));
            config.setNettyHook(new Disconnects(changed));
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
            Requirements server = Requirements.of(address, reply);
            CommandAsyncExecutor commands = ((Redisson) redisson).getCommandExecutor();
            Executor io = commands.getServiceManager().getGroup().next();
            return new Connection(redisson, new ScriptCalls(commands), executor, io, server);
        } catch (RuntimeException e) {
            close(redisson, executor);
            throw Problems.explain(address, e);
        }
    }

    private void check() {
        server.check();
        if (redisson.getConfig().isClusterConfig()) {
            // the probe has seen the one that serves its key
            for (RedisClusterMaster master :
                    redisson.getRedisNodes(RedisNodes.CLUSTER).getMasters()) {
                Map<String, String> info = new HashMap<>(master.info(RedisNode.InfoSection.SERVER));
                info.putAll(master.info(RedisNode.InfoSection.MEMORY));
                InetSocketAddress address = master.getAddr();
                new Requirements(address.getHostString() + ":" + address.getPort(), info).check();
            }
        }
    }

    /**
     * Redisson makes its timer's thread itself, not a daemon, and with it an application whose main method has ended would
     * never exit. Before the first command the thread has not started yet, so it can still be made one.
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
            throw new IllegalStateException("Redisson's timer can't be made a daemon; is its version another?", e);
        }
    }

    void close() {
        close(redisson, executor);
    }

    private static void close(RedissonClient redisson, ExecutorService executor) {
        if (redisson != null) {
            redisson.shutdown(0, 2, TimeUnit.SECONDS);
        }
        executor.shutdown();
    }
}
