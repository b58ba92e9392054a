package io.floodlock.examples.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds sections of one key that were inside at once although one of them was exclusive. Sections may be added in any
 * order, at most some seconds late; each is remembered for a minute. Not thread-safe.
 */
final class Overlaps {

    private static final long REMEMBERED_NANOS = 60_000_000_000L;

    private final Amnesia amnesia;
    private final Map<String, Deque<Section>> byKey = new HashMap<>();
    private long sections;
    private long excused;
    private long found;
    private final List<String> examples = new ArrayList<>();

    Overlaps(Amnesia amnesia) {
        this.amnesia = amnesia;
    }

    void add(Section section) {
        sections++;
        Deque<Section> known = byKey.computeIfAbsent(section.key(), any -> new ArrayDeque<>());
        while (!known.isEmpty() && known.peek().left() < section.entered() - REMEMBERED_NANOS) {
            known.remove();
        }
        for (Section other : known) {
            if (section.excludes(other)) {
                judge(section, other);
            }
        }
        known.add(section);
    }

    private void judge(Section one, Section other) {
        long from = Math.max(one.entered(), other.entered());
        long until = Math.min(one.left(), other.left());
        if (amnesia.covers(from, until)) {
            excused++;
            return;
        }
        found++;
        if (examples.size() < 20) {
            examples.add("both inside for " + (until - from) / 1_000 + " us: " + one + ", " + other);
        }
    }

    long sections() {
        return sections;
    }

    /** The overlaps in periods of {@link Amnesia}. */
    long excused() {
        return excused;
    }

    long found() {
        return found;
    }

    /** The first overlaps, for people. */
    List<String> examples() {
        return examples;
    }
}
