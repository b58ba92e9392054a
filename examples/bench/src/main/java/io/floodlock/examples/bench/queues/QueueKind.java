package io.floodlock.examples.bench.queues;

/** One kind of queue, which this JVM both fills and consumes. Thread-safe. */
public interface QueueKind {

    /** Returns once the payload is stored. */
    void send(byte[] payload) throws Exception;

    Arrivals arrivals();

    /** The first half of a kind of queue. */
    interface Send {
        void one(byte[] payload) throws Exception;
    }

    /** A kind of queue whose payloads arrive there. */
    static QueueKind of(Send send, Arrivals arrivals) {
        return new QueueKind() {
            @Override
            public void send(byte[] payload) throws Exception {
                send.one(payload);
            }

            @Override
            public Arrivals arrivals() {
                return arrivals;
            }
        };
    }
}
