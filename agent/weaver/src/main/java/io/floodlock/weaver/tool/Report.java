package io.floodlock.weaver.tool;

import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.util.List;
import java.util.Set;

/**
 * All that is said of an application.
 *
 * @param application as the user named it
 * @param classes how many were looked at
 * @param unmatched rules that no method matches, as the rules file has them
 * @param nearMisses methods without protection that override protected ones
 * @param missing supertypes that are neither in the application nor in the JDK
 */
record Report(
        String application,
        int classes,
        List<Found> found,
        List<String> unmatched,
        List<String> nearMisses,
        Set<String> missing) {

    /** A decision, and the archive in which its class stands. */
    record Found(String where, WeavingDecision decision) {}

    long count(Outcome outcome) {
        return found.stream()
                .filter(each -> each.decision().outcome() == outcome)
                .count();
    }

    /** Whether a start would refuse nothing, and every rule has something to protect. */
    boolean isFine() {
        return count(Outcome.REFUSED) == 0 && unmatched.isEmpty();
    }
}
