package io.floodlock.examples.bench.queues;

/** One kind of queue, which this JVM both fills and consumes. Thread-safe. */
public interface QueueKind {

    /** Returns once the payload is stored. */
    void send(byte[] payload) throws Exception;

    Arrivals arrivals();
}
