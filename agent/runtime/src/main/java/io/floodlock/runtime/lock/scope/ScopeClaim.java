package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.FenceClaim;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.local.Holding;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fence claim of one scope for one key that the scope relies on. {@code ScopeClaims} makes one for each key of a
 * fenced scope, and the fence code writes it to databases. Thread-safe.
 */
final class ScopeClaim implements FenceClaim {

    private static final Logger LOG = LoggerFactory.getLogger(ScopeClaim.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Holding entry;
    private final String site;
    private final ScopeClaims all;

    /** @param all the claims of the scope, with the rest of its wait time */
    ScopeClaim(Holding entry, String site, ScopeClaims all) {
        this.entry = entry;
        this.site = site;
        this.all = all;
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
        return Duration.ofNanos(Math.max(0, all.leftNanos()));
    }

    @Override
    public void waited(Duration time) {
        all.waited(time.toNanos());
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
