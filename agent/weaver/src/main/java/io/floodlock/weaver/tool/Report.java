package io.floodlock.weaver.tool;

import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.util.List;
import java.util.Set;

/**
 * The result of {@code explain} for one application.
 *
 * @param application path as the user gave it
 * @param classes number of classes examined
 * @param found decisions, each with the archive of its class
 * @param unmatched rules that match no method, as written in the rules file
 * @param nearMisses methods without protection that override protected ones
 * @param shared queued methods that objects of several classes share
 * @param missing supertypes that are neither in the application nor in the JDK
 */
record Report(
        String application,
        int classes,
        List<Found> found,
        List<String> unmatched,
        List<String> nearMisses,
        List<String> shared,
        Set<String> missing) {

    /** A decision, and the archive that contains its class. */
    record Found(String where, WeavingDecision decision) {}

    long count(Outcome outcome) {
        return found.stream()
                .filter(each -> each.decision().outcome() == outcome)
                .count();
    }

    /** Whether no class would be refused and every rule matches a method. */
    boolean isFine() {
        return count(Outcome.REFUSED) == 0 && unmatched.isEmpty();
    }
}
