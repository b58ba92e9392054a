package io.floodlock.runtime.redis;

import java.time.Duration;

/**
 * What one Redisson client is for.
 *
 * @param name of its threads
 * @param nettyThreads Redisson's default of 32 costs a third of its throughput on two cores
 * @param connections at most, to each node
 * @param timeout for one reply
 */
record Profile(String name, int nettyThreads, int connections, Duration timeout) {

    static final Profile MAIN = new Profile(
            "main", Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors())), 32, Duration.ofSeconds(3));
}
