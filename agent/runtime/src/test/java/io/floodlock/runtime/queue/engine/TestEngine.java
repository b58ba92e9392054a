package io.floodlock.runtime.queue.engine;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.lock.engine.LeaseLockEngine;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxPropagation;
import io.floodlock.runtime.tx.engine.Transactions;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** One agent's engines, as a JVM has them; several may live in one JVM. */
final class TestEngine implements AutoCloseable {

    final RedisGateway redis;
    final LockEngine locks;
    final Transactions transactions;
    final StoredQueueEngine queues;

    /** {@code queue name: cause} of each dead call. */
    final List<String> dead = Collections.synchronizedList(new ArrayList<>());

    /** @param url null where more settings say how to connect */
    TestEngine(String url, String... more) {
        this(url, QueueThreads.workers(), more);
    }

    /** @param workers the threads for bodies */
    TestEngine(String url, ExecutorService workers, String... more) {
        Map<String, String> texts = new HashMap<>(Map.of("lease", "2s", "queue.lanes", "4"));
        if (url != null) {
            texts.put("redis", url);
        }
        for (int i = 0; i < more.length; i += 2) {
            texts.put(more[i], more[i + 1]);
        }
        Settings settings = Settings.of(texts);
        redis = new RedisGateway(settings);
        Events events = new Events() {
            @Override
            public void callDead(String queue, String name, String cause) {
                dead.add(queue + " " + name + ": " + cause);
            }
        };
        locks = new LeaseLockEngine(settings, redis, events, OpenTransactions.NONE);
        transactions = new Transactions(settings, events, () -> locks);
        queues = new StoredQueueEngine(
                settings, events, () -> redis, () -> locks, () -> transactions, () -> transactions, workers);
    }

    /** A method to be registered, with defaults to be changed. */
    static final class Spec {
        String queue = "q";
        String name;
        Class<?> owner;
        String method;
        MethodHandles.Lookup lookup;
        BiFunction<Object, Object[], String> key;
        int capacity = 100_000;
        boolean reject;
        boolean async;
        int replicas;
        QueuedMethod.Dedup dedup;
        Duration delay = Duration.ZERO;
        Duration waitTime = Duration.ofSeconds(10);
        int attempts = 5;
        Duration first = Duration.ofMillis(20);
        Duration longest = Duration.ofMillis(200);
        List<String> noRetryFor = List.of();
        Duration timeout;
        int workers = 16;
        QueuedMethod.Batch batch;
        boolean transactional;
    }

    QueueEngine.Site register(MethodHandles.Lookup lookup, Class<?> owner, String method, UnaryOperator<Spec> changes) {
        Spec s = new Spec();
        s.lookup = lookup;
        s.owner = owner;
        s.method = method;
        s.name = method;
        s = changes.apply(s);
        String wanted = s.method;
        Method found = Arrays.stream(owner.getDeclaredMethods())
                .filter(m -> m.getName().equals(wanted))
                .findFirst()
                .orElseThrow();
        return queues.register(new QueuedMethod(
                s.queue,
                s.name,
                found,
                s.lookup,
                s.key,
                s.capacity,
                s.reject,
                s.async,
                s.replicas,
                s.dedup,
                s.delay,
                s.waitTime,
                s.attempts,
                s.first,
                s.longest,
                s.noRetryFor,
                s.timeout,
                s.workers,
                s.transactional
                        ? new TxAttributes(
                                TxPropagation.REQUIRED,
                                Duration.ofSeconds(30),
                                List.of(),
                                List.of(),
                                "com.shop." + method)
                        : null,
                s.batch,
                f -> f));
    }

    @Override
    public void close() {
        queues.close();
        transactions.close();
        locks.close();
        redis.close();
    }
}
