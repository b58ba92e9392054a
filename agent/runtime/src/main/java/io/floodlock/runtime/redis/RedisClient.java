package io.floodlock.runtime.redis;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.thread.AgentThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.api.RScript;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis. Thread-safe.
 *
 * <p>It connects at the first use, on a thread of its own, and checks the server once. A failed attempt fails whoever waits
 * for it and is forgotten, so that the next use tries again; once connected, Redisson reconnects by itself. Nothing is
 * retried here. Every failure is a {@link FloodlockFailure} UNAVAILABLE that names the address, never the password.
 */
public final class RedisClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisClient.class);
    private static final int MIN_TIMEOUT_MS = 50;

    private final Settings settings;
    private final Profile profile;
    private final String address;
    private final AgentThreads connectors;
    private final List<Runnable> connectionChanges = new CopyOnWriteArrayList<>();

    private final ReentrantLock mutex = new ReentrantLock();
    private volatile CompletableFuture<Connection> connection;
    private boolean closed;

    /** Connects nothing yet. */
    public RedisClient(Settings settings) {
        this(settings, Profile.MAIN);
    }

    private RedisClient(Settings settings, Profile profile) {
        this.settings = settings;
        this.profile = profile;
        this.address = ClientConfig.address(settings);
        this.connectors = new AgentThreads("floodlock-redis-" + profile.name() + "-connect");
    }

    /** A second client with one connection to each node and one thread, so that nothing else can delay what it sends. */
    public RedisClient dedicated(String name, Duration timeout) {
        return new RedisClient(
                settings, new Profile(name, 1, 1, Duration.ofMillis(Math.max(MIN_TIMEOUT_MS, timeout.toMillis()))));
    }

    /** A second client for blocking reads, of which {@code connections} may be under way to each node at once. */
    public RedisClient forBlockingReads(String name, int connections) {
        return new RedisClient(settings, new Profile(name, 1, connections, Profile.MAIN.timeout()));
    }

    /** The servers as messages may name them, without user and password. */
    public String address() {
        return address;
    }

    /** The connected and checked client. */
    public CompletableFuture<RedissonClient> redisson() {
        return connection().thenApply(Connection::redisson);
    }

    /** Whether it has connected; it may be reconnecting at this moment. */
    public boolean connected() {
        CompletableFuture<Connection> current = connection;
        return current != null && current.isDone() && !current.isCompletedExceptionally();
    }

    /** The connected and checked client, waited for. */
    public RedissonClient redisson(Duration patience) {
        return await(redisson(), patience);
    }

    /** Whether the servers form a cluster, so that keys belong to slots; waits for the connection. */
    public CompletableFuture<Boolean> cluster() {
        return connection().thenApply(c -> c.server().cluster());
    }

    /** Runs a script; arguments and reply are texts and numbers. The reply fails after the client's timeout at the latest. */
    public CompletableFuture<List<Object>> run(Script script, String key, Object... arguments) {
        return run(StringCodec.INSTANCE, script, key, arguments);
    }

    /** Runs a script whose arguments and reply {@code codec} carries. */
    public CompletableFuture<List<Object>> run(Codec codec, Script script, String key, Object... arguments) {
        return run(codec, script, List.of(key), arguments);
    }

    /** Runs a script over several keys, all of one slot. */
    public CompletableFuture<List<Object>> run(Codec codec, Script script, List<String> keys, Object... arguments) {
        CompletableFuture<Connection> current = connection;
        if (current != null && current.isDone() && !current.isCompletedExceptionally()) {
            return run(current.join(), codec, script, keys, arguments);
        }
        return connection().thenCompose(c -> run(c, codec, script, keys, arguments));
    }

    private CompletableFuture<List<Object>> run(
            Connection on, Codec codec, Script script, List<String> keys, Object... arguments) {
        CompletableFuture<List<Object>> reply = new CompletableFuture<>();
        try {
            on.scripts().run(codec, script, keys, arguments).whenComplete((answer, failure) -> {
                if (failure != null && Problems.unknownScript(failure)) {
                    send(on.redisson().getScript(codec), script, keys, arguments, reply);
                } else {
                    end(reply, answer, failure);
                }
            });
        } catch (RuntimeException e) {
            end(reply, null, e);
        }
        return reply;
    }

    /** Fields of a hash as its master has them: {@code byte[]}, or null for what isn't there. Fails as scripts do. */
    public CompletableFuture<List<Object>> fields(String key, String... fields) {
        CompletableFuture<Connection> current = connection;
        if (current == null || !current.isDone() || current.isCompletedExceptionally()) {
            return connection().thenCompose(c -> c.scripts().fields(key, fields));
        }
        return current.join().scripts().fields(key, fields).toCompletableFuture();
    }

    /**
     * Runs what is short and doesn't block on a thread that talks to Redis, which what it sends would wake anyway; at once
     * where nothing is connected.
     */
    public void soon(Runnable task) {
        CompletableFuture<Connection> current = connection;
        if (current == null || !current.isDone() || current.isCompletedExceptionally()) {
            task.run();
            return;
        }
        try {
            current.join().io().execute(task);
        } catch (RejectedExecutionException e) {
            // it is shutting down, and says so to what is sent
            task.run();
        }
    }

    /** Makes a script known to all masters, so that its first run need not carry its text. What fails changes nothing. */
    public void preload(Script script) {
        connection()
                .thenAccept(on -> on.redisson().getScript(StringCodec.INSTANCE).scriptLoadAsync(script.text()))
                .exceptionally(failure -> null);
    }

    private void send(
            RScript scripts,
            Script script,
            List<String> keys,
            Object[] arguments,
            CompletableFuture<List<Object>> reply) {
        scripts.<List<Object>>evalAsync(
                        keys.get(0),
                        RScript.Mode.READ_WRITE,
                        script.text(),
                        RScript.ReturnType.LIST,
                        List.copyOf(keys),
                        arguments)
                .whenComplete((answer, failure) -> end(reply, answer, failure));
    }

    private void end(CompletableFuture<List<Object>> reply, List<Object> answer, Throwable failure) {
        if (failure == null) {
            reply.complete(answer);
        } else {
            reply.completeExceptionally(explain(failure));
        }
    }

    /** As {@link #run}, waiting at most {@code patience}; an interrupt is left set and fails the wait. */
    public List<Object> call(Script script, String key, Duration patience, Object... arguments) {
        return await(run(script, key, arguments), patience);
    }

    /** Waits for an answer of Redis. */
    public <T> T await(CompletableFuture<T> answer, Duration patience) {
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CompletionException e) {
            throw explain(e);
        } catch (TimeoutException e) {
            throw Failure.UNAVAILABLE.because(
                    "Redis at " + address + " did not answer within " + patience.toMillis()
                            + " ms. Check that it runs and is not overloaded; calls work again as soon as it answers.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.UNAVAILABLE.because("Interrupted while waiting for Redis at " + address, e);
        }
    }

    /** Hears {@code channel} from now on, until the client is closed; heard again by itself after a lost connection. */
    public CompletableFuture<Void> subscribe(String channel, Subscription subscription) {
        return redisson()
                .thenCompose(redisson -> {
                    RTopic topic = redisson.getTopic(channel, StringCodec.INSTANCE);
                    StatusListener status = new StatusListener() {
                        @Override
                        public void onSubscribe(String subscribed) {
                            subscription.subscribed();
                        }

                        @Override
                        public void onUnsubscribe(String unsubscribed) {
                            // nothing is missed that the next subscription doesn't tell
                        }
                    };
                    return topic.addListenerAsync(status)
                            .thenCompose(id -> topic.addListenerAsync(
                                    String.class, (name, message) -> subscription.message(message)))
                            .toCompletableFuture();
                })
                .handle((id, failure) -> {
                    if (failure != null) {
                        throw explain(failure);
                    }
                    return null;
                });
    }

    /**
     * Hears that a connection to a node has ended, or that a node is connected, for the first time or again: from now on
     * another process may answer, or one that holds other data. Both are told, as a node that takes a dead one's place may
     * have been connected all the time. Called on a thread of the agent; must not block.
     */
    public void onConnectionChange(Runnable listener) {
        connectionChanges.add(listener);
    }

    /** The failure that a caller should see. */
    public FloodlockFailure explain(Throwable thrown) {
        return Problems.explain(address, thrown);
    }

    private CompletableFuture<Connection> connection() {
        CompletableFuture<Connection> current = connection;
        if (current != null) {
            return current;
        }
        mutex.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(Failure.UNAVAILABLE.because(
                        "Floodlock is shutting down; it uses Redis at " + address + " no more."));
            }
            if (connection == null) {
                CompletableFuture<Connection> attempt = new CompletableFuture<>();
                connection = attempt;
                connectors.execute(() -> connect(attempt));
            }
            return connection;
        } finally {
            mutex.unlock();
        }
    }

    private void connect(CompletableFuture<Connection> attempt) {
        try {
            Connection made = Connection.open(settings, profile, () -> connectionChanges.forEach(Runnable::run));
            log.info("Connected to Redis {} at {} ({})", made.server().version(), address, profile.name());
            if (!attempt.complete(made)) {
                made.close();
            }
        } catch (RuntimeException | Error e) {
            forget(attempt);
            attempt.completeExceptionally(explain(e));
        }
    }

    private void forget(CompletableFuture<Connection> attempt) {
        mutex.lock();
        try {
            if (connection == attempt) {
                connection = null;
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Ends the connections; later uses fail. Waits up to two seconds. */
    @Override
    public void close() {
        CompletableFuture<Connection> last;
        mutex.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            last = connection;
            connection = null;
        } finally {
            mutex.unlock();
        }
        if (last != null
                && !last.completeExceptionally(Failure.UNAVAILABLE.because("Floodlock is shutting down"))
                && !last.isCompletedExceptionally()) {
            last.join().close();
        }
    }
}
