package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.queues.KafkaQueues;
import io.floodlock.examples.bench.queues.MemoryQueue;
import io.floodlock.examples.bench.queues.QueuedWork;
import io.floodlock.examples.bench.queues.RabbitMqQueues;
import io.floodlock.examples.bench.queues.RedissonQueues;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.redisson.api.RedissonClient;

/**
 * Measures calls of a queued method from end to end against Redisson's queues, Kafka and RabbitMQ. Producers and
 * consumers share one JVM, in which each queue is warmed by its own work before it is measured; what a new JVM reaches
 * is a row of its own.
 */
final class QueueBench implements Bench {

    static final String OURS = "floodlock";
    static final String LIST = "RBlockingQueue";
    static final String STREAM = "RStream";

    private static final String MEMORY = "LinkedBlockingQueue";
    private static final String KAFKA = "Kafka";
    private static final String KAFKA_FSYNC = "Kafka-fsync";
    private static final String RABBITMQ = "RabbitMQ";
    private static final String RABBITMQ_STREAM = "RabbitMQ-stream";

    private static final String CONFIRMED = "confirmed-32";
    private static final String ALWAYS = "confirmed-32-always";
    private static final String ASYNC = "async-4";

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public Set<Server> servers(BenchContext context) {
        Set<Server> servers = EnumSet.of(Server.REDIS, Server.POSTGRES);
        if (Stream.of(CONFIRMED, ALWAYS, ASYNC).anyMatch(context::runs)) {
            servers.add(Server.KAFKA);
            if (!context.quick()) {
                // the best peer of no goal
                servers.add(Server.RABBITMQ);
            }
        }
        return servers;
    }

    @Override
    public void run(BenchContext context) throws Exception {
        RedissonClient redisson = RedissonQueues.client(context.redisUrl());
        try {
            QueueContender ours = new QueueContender(context, OURS, QueuedWork::new);
            QueueContender list = new QueueContender(context, LIST, () -> RedissonQueues.blockingQueue(redisson));
            QueueContender stream =
                    new QueueContender(context, STREAM, () -> RedissonQueues.stream(redisson, "bench:stream"));
            QueueContender memory = new QueueContender(context, MEMORY, MemoryQueue::new);
            QueueContender kafka = new QueueContender(context, KAFKA, () -> KafkaQueues.confirmed(context.kafka()));
            QueueContender flushed =
                    new QueueContender(context, KAFKA_FSYNC, () -> KafkaQueues.flushed(context.kafka()));
            QueueContender rabbitMq = new QueueContender(
                            context, RABBITMQ, () -> RabbitMqQueues.confirmed(context.rabbitMq()))
                    .present(context.hasRabbitMq());
            new QueueRow(context, CONFIRMED, 32, ours)
                    .goal(CONFIRMED, Want.atLeast(2.5), List.of(kafka, stream, list, rabbitMq))
                    .limit(memory)
                    .run(redisson, "everysec");
            new QueueRow(context, ALWAYS, 32, ours)
                    .goal(ALWAYS, Want.atLeast(1.8), List.of(stream, flushed, list, rabbitMq))
                    .run(redisson, "always");
            new QueueRow(context, "confirmed-1", 1, ours)
                    .goal("confirmed-1", Want.atLeast(1.2), List.of(list, stream))
                    .run(redisson, "everysec");
            new QueueRow(context, "confirmed-1-always", 1, ours)
                    .goal("confirmed-1-always", Want.atLeast(1), List.of(list, stream))
                    .run(redisson, "always");
            async(context, redisson);
            new QueueLatency(context, ours, list, stream).run();
            new QueueInRedis(context, redisson, ours).run();
            new QueueOfKeys(context).run();
            new QueueAndDatabase(context).run();
            new QueueInNewJvm(context).run();
        } finally {
            redisson.shutdown();
        }
    }

    /** Callers that do not wait until their calls are stored. */
    private static void async(BenchContext context, RedissonClient redisson) throws Exception {
        QueueContender ours = new QueueContender(context, OURS, QueuedWork::async);
        QueueContender list = new QueueContender(context, LIST, () -> RedissonQueues.asyncQueue(redisson));
        QueueContender stream =
                new QueueContender(context, STREAM, () -> RedissonQueues.asyncStream(redisson, "bench:async-stream"));
        QueueContender kafka = new QueueContender(context, KAFKA, () -> KafkaQueues.async(context.kafka()));
        QueueContender rabbitMq = new QueueContender(
                        context, RABBITMQ_STREAM, () -> RabbitMqQueues.async(context.rabbitMqStream()))
                .present(context.hasRabbitMq());
        QueueContender memory = new QueueContender(context, MEMORY, MemoryQueue::new);
        new QueueRow(context, ASYNC, 4, ours)
                .goal(ASYNC + "-redis", Want.atLeast(4), List.of(stream, list))
                .goal(ASYNC + "-all", Want.atLeast(1), List.of(kafka, rabbitMq, stream, list))
                .limit(memory)
                .run(redisson, "everysec");
    }
}
