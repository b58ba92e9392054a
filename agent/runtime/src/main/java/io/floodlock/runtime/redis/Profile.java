package io.floodlock.runtime.redis;

import java.time.Duration;

/**
 * What one Redisson client is for.
 *
 * @param name of its threads
 * @param nettyThreads each that is awake costs a change of threads; Redisson's default of 32 costs a third of its throughput on
 *     two cores
 * @param connections at most, to each node. With fewer than 10, Redisson sends on without waiting for replies, as Redis answers
 *     in order anyway; else each request has one to itself
 * @param timeout for one reply
 */
record Profile(String name, int nettyThreads, int connections, Duration timeout) {

    /**
     * One connection and one thread: what is sent while others are under way goes and comes with them, in one read here and one
     * there, and arrives in the order it was sent, a lock's release before the next request for it.
     */
    static final Profile MAIN = new Profile("main", 1, 1, Duration.ofSeconds(3));
}
