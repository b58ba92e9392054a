package io.floodlock.runtime.redis;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.thread.AgentThreads;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.connection.ConnectionListener;

/** One live Redisson client and its threads. */
record Connection(RedissonClient redisson, ExecutorService executor, Requirements server) {

    private static final Script PROBE = Script.load(Connection.class, "probe.lua");

    /** Connects and checks the server; blocks, so only on a thread of the agent. */
    static Connection open(Settings settings, Profile profile, Runnable reconnected) {
        if (settings.redisson().isEmpty() && settings.redis().size() > 1) {
            return open(settings, profile, true, reconnected);
        }
        try {
            Connection connection = open(settings, profile, false, reconnected);
            if (settings.redisson().isPresent() || !connection.server.cluster()) {
                return connection;
            }
            connection.close();
        } catch (FloodlockFailure e) {
            if (!Problems.movedInCluster(e)) {
                throw e;
            }
        }
        return open(settings, profile, true, reconnected);
    }

    private static Connection open(Settings settings, Profile profile, boolean cluster, Runnable reconnected) {
        String address = ClientConfig.address(settings);
        ExecutorService executor = new AgentThreads("floodlock-redis-" + profile.name()).pool(2);
        RedissonClient redisson = null;
        try {
            Config config = ClientConfig.of(settings, profile, cluster, executor);
            config.setConnectionListener(new Reconnects(reconnected));
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
            server.check();
            return new Connection(redisson, executor, server);
        } catch (RuntimeException e) {
            close(redisson, executor);
            throw Problems.explain(address, e);
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

    // the interface still demands the deprecated methods
    @SuppressWarnings("deprecation")
    private record Reconnects(Runnable reconnected) implements ConnectionListener {

        @Override
        public void onConnect(InetSocketAddress node) {
            reconnected.run();
        }

        @Override
        public void onDisconnect(InetSocketAddress node) {
            // what matters is what Redis knows once it is back
        }
    }
}
