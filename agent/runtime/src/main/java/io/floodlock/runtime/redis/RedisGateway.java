package io.floodlock.runtime.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.command.RedisErrors;
import io.floodlock.runtime.redis.command.RequestHealth;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.runtime.redis.connection.ClientConfig;
import io.floodlock.runtime.redis.connection.ClientProfile;
import io.floodlock.runtime.redis.connection.LiveConnection;
import io.floodlock.runtime.thread.AgentThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to Redis of the lock engine and the queues. It sends scripts, reads hash fields, subscribes to
 * channels, and hands out the connected Redisson client. Thread-safe.
 *
 * <p>It connects at the first use, on a thread of its own, and checks the server once. A failed attempt fails all
 * callers that wait for it, and the next use tries again. Once connected, Redisson reconnects by itself. This class
 * does not retry. After a failure that needs a change of settings, such as a wrong password, further uses fail at once;
 * the first use after {@value #REFUSED_MS} ms tries again. Every failure is a {@link FloodlockFailure} UNAVAILABLE that
 * names the address, never the password.
 *
 * <p>The thread that reads from and writes to Redis sends all requests, never the caller's thread, and each request
 * ends: see {@code PendingRequests}. If requests fail for some seconds and a new connection can be made, the
 * {@link ConnectionWatch} replaces the old one.
 */
public final class RedisGateway implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisGateway.class);
    private static final int MIN_TIMEOUT_MS = 50;
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int REFUSED_MS = 1_000;

    private final Settings settings;
    private final ClientProfile profile;
    private final String address;
    private final AgentThreads connectors;
    private final RequestHealth health = new RequestHealth();
    private final ConnectionWatch watch;
    private final List<Runnable> connectionChanges = new CopyOnWriteArrayList<>();
    private final List<ChannelSubscription> channels = new CopyOnWriteArrayList<>();
    private final ReentrantLock mutex = new ReentrantLock();
    private volatile CompletableFuture<LiveConnection> connection;
    private volatile boolean closed;

    /** The failure of the last attempt if a retry would fail too; else null. Guarded by the mutex. */
    @GuardedBy("mutex")
    private FloodlockFailure refusal;

    @GuardedBy("mutex")
    private long refusedAt;

    /** Does not connect yet. */
    public RedisGateway(Settings settings) {
        this(settings, ClientProfile.MAIN);
    }

    private RedisGateway(Settings settings, ClientProfile profile) {
        this.settings = settings;
        this.profile = profile;
        this.address = ClientConfig.address(settings);
        this.connectors = new AgentThreads("floodlock-redis-" + profile.name() + "-connect");
        this.watch = new ConnectionWatch(
                this, health, "floodlock-redis-" + profile.name() + "-watch", profile == ClientProfile.MAIN);
    }

    /** A second client with one thread and one connection to each node, so that other requests can't delay its own. */
    public RedisGateway dedicated(String name, Duration timeout) {
        return new RedisGateway(
                settings,
                new ClientProfile(name, 1, 1, Duration.ofMillis(Math.max(MIN_TIMEOUT_MS, timeout.toMillis()))));
    }

    /** A second client for up to {@code connections} concurrent blocking reads per node. */
    public RedisGateway forBlockingReads(String name, int connections) {
        return new RedisGateway(settings, new ClientProfile(name, 1, connections, ClientProfile.MAIN.timeout()));
    }

    /** The servers, for messages; without user and password. */
    public String address() {
        return address;
    }

    /** The connected and checked client. */
    public CompletableFuture<RedissonClient> redisson() {
        return connection().thenApply(LiveConnection::redisson);
    }

    /** Whether it has connected once; it may be reconnecting now. */
    public boolean connected() {
        return live() != null;
    }

    /** The connection if there is one, else null. */
    LiveConnection live() {
        CompletableFuture<LiveConnection> current = connection;
        return current != null && current.isDone() && !current.isCompletedExceptionally() ? current.join() : null;
    }

    boolean closed() {
        return closed;
    }

    /** Whether Redis has answered a request within that time; an error reply is an answer. */
    public boolean answeredWithin(Duration time) {
        return health.nanosSinceAnswer() <= time.toNanos();
    }

    /**
     * Sends a small request if Redis has not answered within the last second, so that {@link #answeredWithin} shows
     * whether this client still reaches Redis. Does not wait.
     *
     * @param key of a hash
     */
    public void ping(String key) {
        if (live() != null && health.nanosSinceAnswer() > PING_NANOS) {
            fields(key, "-");
        }
    }

    /** Waits for the connected and checked client. */
    public RedissonClient redisson(Duration patience) {
        return await(redisson(), patience);
    }

    /** Whether the servers form a cluster, so that keys belong to slots; completes once connected. */
    public CompletableFuture<Boolean> cluster() {
        return connection().thenApply(c -> c.server().cluster());
    }

    /** For each key an object that stands for the master of its slot, as it is now; completes once connected. */
    public CompletableFuture<List<Object>> masters(List<String> keys) {
        return connection().thenApply(c -> keys.stream().map(c::master).toList());
    }

    /**
     * Runs a script; arguments and reply are texts and numbers. The future fails after the client's timeout at the
     * latest.
     */
    public CompletableFuture<List<Object>> run(Script script, String key, Object... arguments) {
        return run(StringCodec.INSTANCE, script, key, arguments);
    }

    /** Runs a script; {@code codec} encodes the arguments and decodes the reply. */
    public CompletableFuture<List<Object>> run(Codec codec, Script script, String key, Object... arguments) {
        return run(codec, script, List.of(key), arguments);
    }

    /** Runs a script over several keys, all of one slot. */
    public CompletableFuture<List<Object>> run(Codec codec, Script script, List<String> keys, Object... arguments) {
        LiveConnection current = live();
        return current != null
                ? run(current, codec, script, keys, arguments)
                : connection().thenCompose(c -> run(c, codec, script, keys, arguments));
    }

    /** The reply of a script, and how many replicas have what it wrote. */
    public record Replicated(List<Object> answer, int replicas) {}

    /**
     * Runs a script that writes, and then waits until so many replicas have it, or that time is over.
     *
     * @param patience less than the client's timeout
     */
    public CompletableFuture<Replicated> runReplicated(
            Codec codec, Script script, List<String> keys, int replicas, Duration patience, Object... arguments) {
        return connection()
                .thenCompose(on -> on.requests()
                        .send(() -> replicated(on.redisson(), codec, script, keys, replicas, patience, arguments), null)
                        .thenApply(both -> {
                            int last = both.size() - 1;
                            return new Replicated(both.subList(0, last), (int) both.get(last));
                        }));
    }

    /** WAIT counts the replicas for what its own connection has written, so both go over the same one. */
    private static CompletionStage<List<Object>> replicated(
            RedissonClient redisson,
            Codec codec,
            Script script,
            List<String> keys,
            int replicas,
            Duration patience,
            Object... arguments) {
        RBatch batch = redisson.createBatch(BatchOptions.defaults().sync(replicas, patience));
        RFuture<List<Object>> reply = eval(batch.getScript(codec), script, keys, arguments);
        return batch.executeAsync().thenCombine(reply, (result, answer) -> {
            List<Object> both = new ArrayList<>(answer);
            both.add(result.getSyncedSlaves());
            return both;
        });
    }

    private static CompletableFuture<List<Object>> run(
            LiveConnection on, Codec codec, Script script, List<String> keys, Object... arguments) {
        return on.requests()
                .send(
                        on.scripts().run(codec, script, keys, arguments),
                        () -> eval(on.redisson().getScript(codec), script, keys, arguments));
    }

    private static RFuture<List<Object>> eval(RScriptAsync by, Script script, List<String> keys, Object... arguments) {
        return by.evalAsync(
                keys.get(0),
                RScript.Mode.READ_WRITE,
                script.text(),
                RScript.ReturnType.LIST,
                List.copyOf(keys),
                arguments);
    }

    /** Reads fields of a hash from its master: {@code byte[]}, or null for an absent field. Fails as scripts do. */
    public CompletableFuture<List<Object>> fields(String key, String... fields) {
        LiveConnection current = live();
        return current != null
                ? current.requests().send(current.scripts().fields(key, fields), null)
                : connection().thenCompose(c -> c.requests().send(c.scripts().fields(key, fields), null));
    }

    /**
     * Runs a short task that does not block on a thread that sends to Redis. Requests of the task would wake this
     * thread anyway. Without a connection, runs the task on the caller's thread.
     */
    public void soon(Runnable task) {
        LiveConnection current = live();
        if (current == null) {
            task.run();
            return;
        }
        try {
            current.io().execute(task);
        } catch (RejectedExecutionException e) {
            // the client is shutting down, and fails the task's requests
            task.run();
        }
    }

    /** Loads a script on all masters, so that its first run need not send its text. A failure has no effect. */
    public void preload(Script script) {
        connection()
                .thenAccept(on -> on.io()
                        .execute(() ->
                                on.redisson().getScript(StringCodec.INSTANCE).scriptLoadAsync(script.text())))
                .exceptionally(failure -> null);
    }

    /** Same as {@link #run}, but waits at most {@code patience}; an interrupt stays set and fails the wait. */
    public List<Object> call(Script script, String key, Duration patience, Object... arguments) {
        return await(run(script, key, arguments), patience);
    }

    /** Waits for a reply of Redis. */
    public <T> T await(CompletableFuture<T> answer, Duration patience) {
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CompletionException e) {
            throw explain(e);
        } catch (TimeoutException e) {
            throw Failure.UNAVAILABLE.because(
                    "Redis at " + address + " did not answer within " + patience.toMillis()
                            + " ms. Check that it runs and is not overloaded; calls succeed again once it answers.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.UNAVAILABLE.because("Interrupted while waiting for Redis at " + address, e);
        }
    }

    /** Subscribes to {@code channel} until the client is closed, and again after a lost connection. */
    public CompletableFuture<Void> subscribe(String channel, ChannelListener subscription) {
        ChannelSubscription subscribed = new ChannelSubscription(channel, subscription);
        return redisson().thenCompose(subscribed::listen).handle((done, failure) -> {
            if (failure != null) {
                throw explain(failure);
            }
            channels.add(subscribed);
            return null;
        });
    }

    /**
     * Adds a listener that is called when a connection to a node has ended, and when a node is connected, for the first
     * time or again. From then on another process may answer, or a process with other data. Both events are reported,
     * since the replacement of a dead node may have been connected all the time. Called on an agent thread; must not
     * block.
     */
    public void onConnectionChange(Runnable listener) {
        connectionChanges.add(listener);
    }

    /** Converts an exception to the failure that a caller gets. */
    public FloodlockFailure explain(Throwable thrown) {
        return RedisErrors.explain(address, thrown);
    }

    /** Whether a retry would fail too, until a setting is changed here or on the server. */
    public static boolean isPermanent(FloodlockFailure failure) {
        return RedisErrors.isPermanent(failure);
    }

    private CompletableFuture<LiveConnection> connection() {
        CompletableFuture<LiveConnection> current = connection;
        if (current != null) {
            return current;
        }
        mutex.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(Failure.UNAVAILABLE.because(
                        "Floodlock is shutting down and no longer uses Redis at " + address + "."));
            }
            if (connection == null && refusal != null && System.nanoTime() - refusedAt < REFUSED_MS * 1_000_000L) {
                return CompletableFuture.failedFuture(refusal);
            }
            if (connection == null) {
                CompletableFuture<LiveConnection> attempt = new CompletableFuture<>();
                connectors.execute(() -> connect(attempt));
                connection = attempt;
            }
            return connection;
        } finally {
            mutex.unlock();
        }
    }

    private void connect(CompletableFuture<LiveConnection> attempt) {
        try {
            LiveConnection made = open();
            if (!attempt.complete(made)) {
                made.close();
            }
        } catch (RuntimeException | Error e) {
            FloodlockFailure failure = explain(e);
            forget(attempt, isPermanent(failure) ? failure : null);
            watch.refused(failure);
            attempt.completeExceptionally(failure);
        }
    }

    private LiveConnection open() {
        LiveConnection made =
                LiveConnection.open(settings, profile, health, () -> connectionChanges.forEach(Runnable::run));
        try {
            watch.begin();
            health.answered();
            watch.answered();
            log.info("Connected to Redis {} at {} ({})", made.server().version(), address, profile.name());
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    /** Replaces {@code old}, which has stopped working, by a new connection; blocks. */
    void replace(LiveConnection old) {
        LiveConnection made = open();
        boolean replaced = false;
        mutex.lock();
        try {
            if (!closed && live() == old) {
                connection = CompletableFuture.completedFuture(made);
                replaced = true;
            }
        } finally {
            mutex.unlock();
        }
        if (!replaced) {
            made.close();
            return;
        }
        log.warn(
                "Redis at {} no longer answered over the old connection, but answers over a new one ({})."
                        + " The new connection is used from now on.",
                address,
                profile.name());
        // before the old requests fail, as their callbacks may send new ones
        channels.forEach(channel -> channel.listen(made.redisson()));
        old.close();
        connectionChanges.forEach(Runnable::run);
    }

    private void forget(CompletableFuture<LiveConnection> attempt, FloodlockFailure permanent) {
        mutex.lock();
        try {
            if (connection == attempt) {
                connection = null;
            }
            refusal = permanent;
            refusedAt = System.nanoTime();
        } finally {
            mutex.unlock();
        }
    }

    /** Closes the connections; later uses fail. Waits up to three seconds. */
    @Override
    public void close() {
        CompletableFuture<LiveConnection> last;
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
