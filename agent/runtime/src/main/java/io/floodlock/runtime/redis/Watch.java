package io.floodlock.runtime.redis;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.thread.AgentLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a client's requests are answered. Thread-safe. */
final class Watch {
    /*
     * ANSWERED   the last request that ended was answered
     * FAILING    requests have failed since, and none was answered. Redis may be down, which Redisson bears: it reconnects. Or
     *            the connection's own books are broken, which it never mends. From outside the two look alike, so:
     *              after 3 s   the stall is reported
     *              after 5 s   a new connection is tried, every 5 s. Redis is down: it can't be made, the old one stays.
     *                          It can be made: it takes the old one's place, unless that was answered meanwhile
     * Back to ANSWERED by the first answer over either.
     *
     * A request that neither is answered nor fails is ended here, and counts as a failure.
     */

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long LOOK_MILLIS = 500;
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long REPLACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final RedisClient client;
    private final Health health;
    private final String name;
    private final boolean reports;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean reported;
    private long lastAttempt;

    /** @param reports whether stalls are to be logged; one client of several that talk to the same servers is enough */
    Watch(RedisClient client, Health health, String name, boolean reports) {
        this.client = client;
        this.health = health;
        this.name = name;
        this.reports = reports;
    }

    /** From the first connection on. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            try {
                AgentLoop.start(name, client::closed, this::turn);
            } catch (RuntimeException | Error e) {
                begun.set(false);
                throw e;
            }
        }
    }

    private void turn() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        look();
    }

    private void look() {
        Connection current = client.live();
        if (current == null) {
            return;
        }
        current.requests().endOverdue(current.patience().toNanos());
        long failing = health.failingNanos();
        if (failing == 0) {
            answered();
            return;
        }
        if (failing > REPORT_NANOS) {
            refused(client.explain(health.failure()));
        }
        long now = System.nanoTime();
        if (failing > REPLACE_NANOS && now - lastAttempt > REPLACE_NANOS) {
            lastAttempt = now;
            try {
                client.replace(current);
            } catch (FloodlockFailure e) {
                LOG.debug("No other connection could be made", e);
                lastAttempt = System.nanoTime();
            }
        }
    }

    /** It does not go on, or no connection could be made. */
    void refused(FloodlockFailure why) {
        if (!reports) {
            return;
        }
        reported = true;
        String cause = why.getMessage();
        if (cause.startsWith(subject())) {
            cause = "it" + cause.substring(subject().length());
        }
        StallLog.shared()
                .stalled(
                        subject(),
                        cause.endsWith(".") ? cause.substring(0, cause.length() - 1) : cause,
                        "What needs Redis fails until it answers");
    }

    /** It goes on. */
    void answered() {
        if (reported) {
            reported = false;
            StallLog.shared().resumed(subject());
        }
    }

    private String subject() {
        return "Redis at " + client.address();
    }
}
