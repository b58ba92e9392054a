package io.floodlock.runtime.tx.recovery;

import io.floodlock.runtime.event.StallLog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reports at every sweep each subject that makes no progress, and reports once that it does again: as soon as its place
 * was looked at and the subject was not reported again. A subject in a database that can't be reached stays reported.
 * Belongs to the recovery thread.
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
