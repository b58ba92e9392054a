package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.local.Holding;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fence claim of one scope for one key that the scope relies on. {@code Scope} makes one for each key of a fenced
 * scope, and the fence code writes it to databases. The claims of a scope share the rest of its wait time. Thread-safe.
 */
final class ScopeClaim implements FenceClaim {

    private static final Logger LOG = LoggerFactory.getLogger(ScopeClaim.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Holding entry;
    private final String site;
    private final AtomicLong leftNanos;

    /** @param leftNanos what is left of the scope's wait time, shared by all claims of the scope */
    ScopeClaim(Holding entry, String site, AtomicLong leftNanos) {
        this.entry = entry;
        this.site = site;
        this.leftNanos = leftNanos;
    }

    Holding entry() {
        return entry;
    }

    @Override
    public String name() {
        return entry.name();
    }

    @Override
    public LockMode mode() {
        return entry.mode();
    }

    @Override
    public long token() {
        return entry.token(PATIENCE);
    }

    @Override
    public String owner() {
        return entry.owner();
    }

    @Override
    public Duration left() {
        return Duration.ofNanos(Math.max(0, leftNanos.get()));
    }

    @Override
    public void waited(Duration time) {
        leftNanos.addAndGet(-time.toNanos());
    }

    @Override
    public String site() {
        return site;
    }

    @Override
    public boolean outgrown(long known) {
        if (!entry.held()) {
            return false;
        }
        try {
            entry.raise(known).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "Redis did not confirm that the next tokens of the key '{}' are greater than {}. The next"
                            + " call whose token a database refuses sends this again.",
                    name(),
                    known,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (FloodlockFailure e) {
            return false;
        }
        entry.outgrown(known);
        return true;
    }
}
