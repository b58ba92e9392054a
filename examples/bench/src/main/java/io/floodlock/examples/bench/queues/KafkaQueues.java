package io.floodlock.examples.bench.queues;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's topics, each with one idempotent producer, acks=all, and a group of one consumer. A topic has one partition:
 * more of them make batches smaller, and with them the rates on one broker. Nothing is compressed, because payloads of
 * zeros would shrink to nothing.
 */
public final class KafkaQueues {

    /** Callers wait, so a batch is sent at once; calls made while it is under way form the next batch. */
    private static final Map<String, Object> AT_ONCE =
            Map.of(ProducerConfig.LINGER_MS_CONFIG, 0, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);

    /** The default of 16 KiB, 70 calls, has a third of the rate. The linger is the default, 5 ms. */
    private static final Map<String, Object> IN_LARGE_BATCHES = Map.of(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);

    private KafkaQueues() {}

    /** Callers wait for the broker, which leaves it to the operating system when to write to the disk. */
    public static QueueKind confirmed(String servers) throws Exception {
        return waiting(servers, "bench", Map.of());
    }

    /** Callers wait until the broker has called fsync. */
    public static QueueKind flushed(String servers) throws Exception {
        return waiting(servers, "bench-flushed", Map.of(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1"));
    }

    private static QueueKind waiting(String servers, String topic, Map<String, String> settings) throws Exception {
        create(servers, topic, settings);
        KafkaProducer<byte[], byte[]> producer = producer(servers, AT_ONCE);
        return QueueKind.of(
                payload -> producer.send(new ProducerRecord<>(topic, payload)).get(), consumed(servers, topic));
    }

    /** Callers wait only for room in the producer's buffer of 32 MiB. */
    public static QueueKind async(String servers) throws Exception {
        String topic = "bench-async";
        create(servers, topic, Map.of());
        KafkaProducer<byte[], byte[]> producer = producer(servers, IN_LARGE_BATCHES);
        return QueueKind.of(payload -> producer.send(new ProducerRecord<>(topic, payload)), consumed(servers, topic));
    }

    private static void create(String servers, String topic, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String servers, Map<String, Object> batching) {
        Map<String, Object> settings = new HashMap<>(batching);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Starts the consumer. It commits the offset of what it has counted as often as ours stores its progress. */
    private static Arrivals consumed(String servers, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        topic,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG,
                        20,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        Arrivals arrivals = new Arrivals();
        Thread thread = new Thread(() -> consume(consumer, arrivals), "bench-kafka-" + topic);
        thread.setDaemon(true);
        thread.start();
        return arrivals;
    }

    private static void consume(KafkaConsumer<byte[], byte[]> consumer, Arrivals arrivals) {
        while (true) {
            consumer.poll(Duration.ofSeconds(1)).forEach(call -> arrivals.accept(call.value()));
        }
    }
}
