package io.floodlock.runtime.queue.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once in the log that a request has failed for some seconds, although it is repeated, and once that it succeeds
 * again. So nothing waits in silence, and a short interruption says nothing. Thread-safe.
 */
public final class Outage {

    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String what;

    @GuardedBy("this")
    private boolean failing;

    @GuardedBy("this")
    private boolean said;

    @GuardedBy("this")
    private long since;

    /** @param what the text of the warning; the cause follows it */
    public Outage(String what) {
        this.what = what;
    }

    public synchronized void failed(Throwable why) {
        long now = System.nanoTime();
        if (!failing) {
            failing = true;
            since = now;
        }
        if (!said && now - since >= QUIET_NANOS) {
            said = true;
            log.warn("{}: {}", what, why.getMessage());
        }
    }

    public synchronized void succeeded() {
        if (said) {
            log.info("This has ended: {}", what);
        }
        failing = false;
        said = false;
    }
}
