package io.floodlock.runtime.redis.connection;

import java.time.Duration;

/**
 * The parameters of one Redisson client, by its purpose.
 *
 * @param name of its threads
 * @param nettyThreads number of I/O threads. Each active one costs context switches; Redisson's default of 32 costs a
 *     third of its throughput on two cores
 * @param connections maximum per node. With fewer than 10, Redisson pipelines requests without waiting for replies,
 *     since Redis answers in order; with more, each request has a connection of its own
 * @param timeout for one reply
 */
public record ClientProfile(String name, int nettyThreads, int connections, Duration timeout) {

    /**
     * One connection and one thread. Concurrent requests share one read and one write on both sides, and arrive in the
     * order in which they were sent: the release of a lock arrives before the next request for it.
     */
    public static final ClientProfile MAIN = new ClientProfile("main", 1, 1, Duration.ofSeconds(3));
}
