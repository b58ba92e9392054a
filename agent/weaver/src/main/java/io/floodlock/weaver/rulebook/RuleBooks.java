package io.floodlock.weaver.rulebook;

import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.rules.FileRule;
import io.floodlock.weaver.rules.RuleFile;
import java.util.List;

/**
 * Creates rule books. Separate from {@link RuleBook}, so that a start without a rules file loads none of AspectJ's
 * classes.
 */
public final class RuleBooks {

    private RuleBooks() {}

    /**
     * Reads the rules of that file. A {@link RuleWatch} reports those that match nothing.
     *
     * @throws IllegalArgumentException with one line for each error in the file
     */
    public static RuleBook watched(String path, Decisions decisions) {
        List<FileRule> rules = RuleFile.read(path);
        RuleHits hits = new RuleHits(rules);
        RuleWatch.start(hits);
        return new FileRules(rules, hits, decisions);
    }

    /** A book of the given rules; the caller reports rules without a match, from {@code hits}. */
    public static RuleBook of(List<FileRule> rules, RuleHits hits, Decisions decisions) {
        return new FileRules(rules, hits, decisions);
    }
}
