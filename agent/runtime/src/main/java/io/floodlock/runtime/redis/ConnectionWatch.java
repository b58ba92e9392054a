package io.floodlock.runtime.redis;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.command.RequestHealth;
import io.floodlock.runtime.redis.connection.LiveConnection;
import io.floodlock.runtime.thread.AgentLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that a client's requests are answered, and replaces a broken connection. {@link RedisGateway} has one, which
 * looks twice a second on a thread of its own. The comment below has the states. Thread-safe.
 */
final class ConnectionWatch {
    /*
     * ANSWERED   the last request that ended was answered
     * FAILING    requests have failed since, and none was answered. If Redis is down, Redisson reconnects by itself. If
     *            the state of the connection is inconsistent, Redisson never repairs it. From outside the two cases
     *            look alike, so:
     *              after 3 s   the stall is reported
     *              after 5 s   and every 5 s again, a new connection is tried. If it fails, Redis is down and the old
     *                          connection stays. If it succeeds, it replaces the old one, unless the old one was
     *                          replaced or closed in the meantime
     * The first answer over either connection leads back to ANSWERED.
     *
     * A request that is neither answered nor fails in time is ended here, and counts as a failure.
     */

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionWatch.class);
    private static final long LOOK_MILLIS = 500;
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long REPLACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final RedisGateway client;
    private final RequestHealth health;
    private final String name;
    private final boolean reports;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean reported;
    private long lastAttempt;

    /** @param reports whether to log stalls; one of several clients of the same servers is enough */
    ConnectionWatch(RedisGateway client, RequestHealth health, String name, boolean reports) {
        this.client = client;
        this.health = health;
        this.name = name;
        this.reports = reports;
    }

    /** Starts the checks; called at every new connection. */
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
        LiveConnection current = client.live();
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
                LOG.debug("No new connection could be made", e);
                lastAttempt = System.nanoTime();
            }
        }
    }

    /** Requests have failed for a while, or no connection could be made. */
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
                        "Calls that need Redis fail until it answers");
    }

    /** Redis answers again. */
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
