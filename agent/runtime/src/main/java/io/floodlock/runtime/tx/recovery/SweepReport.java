package io.floodlock.runtime.tx.recovery;

import io.floodlock.runtime.event.StallLog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reports to the log ({@link StallLog}) the subjects of recovery that make no progress. A subject is a branch that
 * can't be finished, or a database or connection that recovery failed to look at. {@link Sweep} reports each stalled
 * subject again at every sweep. A subject has resumed once a sweep has looked at its place without reporting the
 * subject; this is reported once. So a branch in a database that can't be reached stays reported as stalled. Belongs to
 * the recovery thread.
 */
public final class SweepReport {

    private final StallLog stalls;

    /** Subjects that are reported as stalled, with the place of each. */
    private final Map<String, String> standing = new HashMap<>();

    private final Set<String> reported = new HashSet<>();
    private final Set<String> lookedAt = new HashSet<>();

    public SweepReport(StallLog stalls) {
        this.stalls = stalls;
    }

    void begin() {
        reported.clear();
        lookedAt.clear();
    }

    void stalled(String place, String subject, String cause, String remedy) {
        reported.add(subject);
        standing.put(subject, place);
        stalls.stalled(subject, cause, remedy);
    }

    void lookedAt(String place) {
        lookedAt.add(place);
    }

    void end() {
        standing.entrySet().removeIf(entry -> {
            boolean over = lookedAt.contains(entry.getValue()) && !reported.contains(entry.getKey());
            if (over) {
                stalls.resumed(entry.getKey());
            }
            return over;
        });
    }
}
