package io.floodlock.runtime.redis.command;

import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisTimeoutException;

/**
 * Records when Redis answered last, and since when it does not answer. {@code RedisGateway} has one for all its
 * connections; {@link PendingRequests} reports to it, {@code ConnectionWatch} reads it. Thread-safe.
 */
public final class RequestHealth {

    private volatile long answeredAt = System.nanoTime();
    /** By nanoTime; 0 while the last request was answered. */
    private volatile long failingSince;

    private volatile Throwable failure;

    /** Whether Redis has answered; an error reply is an answer too. */
    public static boolean isAnswer(Throwable failure) {
        return failure instanceof RedisException
                && !(failure instanceof RedisTimeoutException
                        || failure instanceof RedisConnectionException
                        || failure instanceof RedisNodeNotFoundException
                        || failure instanceof RedissonShutdownException);
    }

    public void answered() {
        answeredAt = System.nanoTime();
        if (failingSince != 0) {
            failingSince = 0;
        }
    }

    void failed(Throwable why) {
        failure = why;
        if (failingSince == 0) {
            long now = System.nanoTime();
            failingSince = now == 0 ? 1 : now;
        }
    }

    public long nanosSinceAnswer() {
        return System.nanoTime() - answeredAt;
    }

    /** Time since the first of the failures that no answer has followed; 0 if the last request was answered. */
    public long failingNanos() {
        long since = failingSince;
        return since == 0 ? 0 : Math.max(1, System.nanoTime() - since);
    }

    /** The failure of the request that failed last, or null. */
    public Throwable failure() {
        return failure;
    }
}
