package io.floodlock.runtime.queue.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.Queued;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The pauses between the attempts of a call. */
class BackoffTest {

    private static final Duration FAILOVER = Duration.ofMinutes(2);

    @Test
    void pausesDoubleUpToTheLongestAndTheJitterTakesHalfAtMost() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350));

        assertEquals(Duration.ofMillis(100), backoff.after(1, () -> 0));
        assertEquals(Duration.ofMillis(200), backoff.after(2, () -> 0));
        assertEquals(Duration.ofMillis(350), backoff.after(3, () -> 0));
        assertEquals(Duration.ofMillis(175), backoff.after(3, () -> 1));
    }

    /** What fails during a failover of the database is not buried by the defaults, even if all pauses are short. */
    @Test
    void theDefaultsOutlastAFailover() throws Exception {
        Duration least = shortestPauses(defaultAttempts());

        assertTrue(least.compareTo(FAILOVER) >= 0, "the pauses may add up to " + least + " only");
        // the control: the default before, of five attempts, ended within seconds
        assertTrue(shortestPauses(5).compareTo(FAILOVER) < 0);
    }

    private static Duration shortestPauses(int attempts) {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMinutes(1));
        Duration all = Duration.ZERO;
        for (int failures = 1; failures < attempts; failures++) {
            all = all.plus(backoff.after(failures, () -> 1));
        }
        return all;
    }

    private static int defaultAttempts() throws NoSuchMethodException {
        assertEquals("100ms..1m", Queued.class.getMethod("backoff").getDefaultValue());
        return (int) Queued.class.getMethod("attempts").getDefaultValue();
    }
}
