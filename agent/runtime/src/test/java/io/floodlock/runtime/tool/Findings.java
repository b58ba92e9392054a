package io.floodlock.runtime.tool;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What checks have found. */
final class Findings {

    private Findings() {}

    /** The names of those that should be mended. */
    static Set<String> of(List<Check> checks) {
        Set<String> names = new TreeSet<>();
        for (Check check : checks) {
            if (check.state() == Check.State.FINDING) {
                if (check.remedy().isBlank()) {
                    throw new AssertionError("no remedy: " + check);
                }
                names.add(check.name());
            }
        }
        return names;
    }
}
