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
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis. Thread-safe.
 *
 * <p>It connects at the first use, on a thread of its own, and checks the server once. A failed attempt fails whoever waits
 * for it and is forgotten, so that the next use tries again; once connected, Redisson reconnects by itself. Nothing is
 * retried here. What only somebody can mend, as a wrong password, fails further uses too, at once, and is tried again by the
 * first of them after {@value #REFUSED_MS} ms. Every failure is a {@link FloodlockFailure} UNAVAILABLE that names the address, never the password.
 *
 * <p>Requests are sent by the thread that reads from and writes to Redis, never by the caller's, and each ends: see {@link
 * Requests}. Where they fail for some seconds and a new connection can be made, the {@link Watch} puts that in the old one's
 * place.
 */
public final class RedisClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisClient.class);
    private static final int MIN_TIMEOUT_MS = 50;
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int REFUSED_MS = 1_000;

    private final Settings settings;
    private final Profile profile;
    private final String address;
    private final AgentThreads connectors;
    private final Health health = new Health();
    private final Watch watch;
    private final List<Runnable> connectionChanges = new CopyOnWriteArrayList<>();
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final ReentrantLock mutex = new ReentrantLock();
    private volatile CompletableFuture<Connection> connection;
    private volatile boolean closed;

    /** Why the last attempt failed, where the next would too; else null. Guarded by the mutex. */
    private FloodlockFailure refusal;

    private long refusedAt;

    /** Connects nothing yet. */
    public RedisClient(Settings settings) {
        this(settings, Profile.MAIN);
    }

    private RedisClient(Settings settings, Profile profile) {
        this.settings = settings;
        this.profile = profile;
        this.address = ClientConfig.address(settings);
        this.connectors = new AgentThreads("floodlock-redis-" + profile.name() + "-connect");
        this.watch = new Watch(this, health, "floodlock-redis-" + profile.name() + "-watch", profile == Profile.MAIN);
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
        return live() != null;
    }

    /** The connection if there is one, else null. */
    Connection live() {
        CompletableFuture<Connection> current = connection;
        return current != null && current.isDone() && !current.isCompletedExceptionally() ? current.join() : null;
    }

    boolean closed() {
        return closed;
    }

    /** Whether a request has been answered within that time; a refusal is an answer. */
    public boolean answeredWithin(Duration time) {
        return health.nanosSinceAnswer() <= time.toNanos();
    }

    /**
     * Asks for something unless Redis has answered just now, so that {@link #answeredWithin} tells whether this client still
     * gets through; waits for nothing.
     *
     * @param key of a hash
     */
    public void ping(String key) {
        if (live() != null && health.nanosSinceAnswer() > PING_NANOS) {
            fields(key, "-");
        }
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
        Connection current = live();
        return current != null
                ? run(current, codec, script, keys, arguments)
                : connection().thenCompose(c -> run(c, codec, script, keys, arguments));
    }

    private static CompletableFuture<List<Object>> run(
            Connection on, Codec codec, Script script, List<String> keys, Object... arguments) {
        return on.requests()
                .send(
                        on.scripts().run(codec, script, keys, arguments),
                        () -> on.redisson()
                                .getScript(codec)
                                .evalAsync(
                                        keys.get(0),
                                        RScript.Mode.READ_WRITE,
                                        script.text(),
                                        RScript.ReturnType.LIST,
                                        List.copyOf(keys),
                                        arguments));
    }

    /** Fields of a hash as its master has them: {@code byte[]}, or null for what isn't there. Fails as scripts do. */
    public CompletableFuture<List<Object>> fields(String key, String... fields) {
        Connection current = live();
        return current != null
                ? current.requests().send(current.scripts().fields(key, fields), null)
                : connection().thenCompose(c -> c.requests().send(c.scripts().fields(key, fields), null));
    }

    /**
     * Runs what is short and doesn't block on a thread that talks to Redis, which what it sends would wake anyway; at once
     * where nothing is connected.
     */
    public void soon(Runnable task) {
        Connection current = live();
        if (current == null) {
            task.run();
            return;
        }
        try {
            current.io().execute(task);
        } catch (RejectedExecutionException e) {
            // it is shutting down, and says so to what is sent
            task.run();
        }
    }

    /** Makes a script known to all masters, so that its first run need not carry its text. What fails changes nothing. */
    public void preload(Script script) {
        connection()
                .thenAccept(on -> on.io()
                        .execute(() ->
                                on.redisson().getScript(StringCodec.INSTANCE).scriptLoadAsync(script.text())))
                .exceptionally(failure -> null);
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
        Channel heard = new Channel(channel, subscription);
        return redisson().thenCompose(heard::listen).handle((done, failure) -> {
            if (failure != null) {
                throw explain(failure);
            }
            channels.add(heard);
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

    /** Whether to try again would not help, as a setting here or on the server has to be changed first. */
    public static boolean isPermanent(FloodlockFailure failure) {
        return Problems.isPermanent(failure);
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
            if (connection == null && refusal != null && System.nanoTime() - refusedAt < REFUSED_MS * 1_000_000L) {
                return CompletableFuture.failedFuture(refusal);
            }
            if (connection == null) {
                CompletableFuture<Connection> attempt = new CompletableFuture<>();
                connectors.execute(() -> connect(attempt));
                connection = attempt;
            }
            return connection;
        } finally {
            mutex.unlock();
        }
    }

    private void connect(CompletableFuture<Connection> attempt) {
        try {
            Connection made = open();
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

    private Connection open() {
        Connection made = Connection.open(settings, profile, health, () -> connectionChanges.forEach(Runnable::run));
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

    /** Makes a new connection and puts it in the place of {@code old}, which has stopped working. On a thread that may block. */
    void replace(Connection old) {
        Connection made = open();
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
                "Requests to Redis at {} went unanswered over a connection that works no more, though it answers over a new"
                        + " one ({}). The new one is used from now on.",
                address,
                profile.name());
        // first, as what it answers with may ask again
        channels.forEach(channel -> channel.listen(made.redisson()));
        old.close();
        connectionChanges.forEach(Runnable::run);
    }

    private void forget(CompletableFuture<Connection> attempt, FloodlockFailure permanent) {
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

    /** Ends the connections; later uses fail. Waits up to three seconds. */
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
