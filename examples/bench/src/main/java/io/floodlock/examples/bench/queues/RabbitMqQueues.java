package io.floodlock.examples.bench.queues;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.stream.Environment;
import com.rabbitmq.stream.OffsetSpecification;
import com.rabbitmq.stream.Producer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** RabbitMQ's queues: a durable classic queue for callers that wait, and a stream for callers that don't. */
public final class RabbitMqQueues {

    private static final String NAME = "bench";
    private static final String STREAM = "bench-stream";

    /** One for each caller, because callers that share a channel would wait for each other's confirms. */
    private static final int CHANNELS = 32;

    /** One acknowledgement for several calls; the queue delivers so many more that the consumer never waits. */
    private static final int CALLS_PER_ACK = 32;

    private static final int PREFETCH = 512;

    /** The calls that are packed as one entry of a stream, which makes it five times as fast as single entries. */
    private static final int CALLS_PER_ENTRY = 100;

    /** Five times the client's default, so that several batches are under way. */
    private static final int UNCONFIRMED = 50_000;

    private RabbitMqQueues() {}

    /** Persistent messages. RabbitMQ confirms one when it is on the disk, or when its consumer has acknowledged it. */
    public static QueueKind confirmed(String uri) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(uri);
        Channel consuming = factory.newConnection().createChannel();
        consuming.queueDeclare(NAME, true, false, false, Map.of());
        consuming.basicQos(PREFETCH);
        Arrivals arrivals = new Arrivals();
        consuming.basicConsume(NAME, false, new Counting(consuming, arrivals));
        BlockingQueue<Channel> channels = confirming(factory.newConnection());
        return QueueKind.of(
                payload -> {
                    Channel channel = channels.take();
                    channel.basicPublish("", NAME, MessageProperties.PERSISTENT_BASIC, payload);
                    channel.waitForConfirmsOrDie();
                    channels.put(channel);
                },
                arrivals);
    }

    private static BlockingQueue<Channel> confirming(Connection connection) throws IOException {
        BlockingQueue<Channel> channels = new ArrayBlockingQueue<>(CHANNELS);
        for (int i = 0; i < CHANNELS; i++) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channels.add(channel);
        }
        return channels;
    }

    /** Counts messages and acknowledges what it has counted. */
    private static final class Counting extends DefaultConsumer {

        private final Arrivals arrivals;
        private int unacknowledged;

        Counting(Channel channel, Arrivals arrivals) {
            super(channel);
            this.arrivals = arrivals;
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            arrivals.accept(body);
            if (++unacknowledged == CALLS_PER_ACK) {
                getChannel().basicAck(envelope.getDeliveryTag(), true);
                unacknowledged = 0;
            }
        }
    }

    /**
     * Callers wait only while 50,000 messages are unconfirmed. The consumer stores the offset of what it has
     * counted.
     */
    public static QueueKind async(String uri) {
        Environment environment = Environment.builder().uri(uri).build();
        environment.streamCreator().stream(STREAM).create();
        Producer producer = environment.producerBuilder().stream(STREAM)
                .subEntrySize(CALLS_PER_ENTRY)
                .maxUnconfirmedMessages(UNCONFIRMED)
                .build();
        Arrivals arrivals = new Arrivals();
        environment.consumerBuilder().stream(STREAM)
                .name(STREAM)
                .offset(OffsetSpecification.first())
                .autoTrackingStrategy()
                .builder()
                .messageHandler((context, message) -> arrivals.accept(message.getBodyAsBinary()))
                .build();
        return QueueKind.of(
                payload -> producer.send(
                        producer.messageBuilder().addData(payload).build(),
                        // a call that is not confirmed is missing at the end of the round
                        status -> {}),
                arrivals);
    }
}
