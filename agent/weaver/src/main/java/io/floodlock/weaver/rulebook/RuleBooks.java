package io.floodlock.weaver.rulebook;

import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.rules.FileRule;
import io.floodlock.weaver.rules.RuleFile;
import java.util.List;

/** Opens rules files. Apart from {@link RuleBook}, so that a start without one loads nothing of AspectJ's. */
public final class RuleBooks {

    private RuleBooks() {}

    /**
     * The rules of that file; those that match nothing will be reported.
     *
     * @throws IllegalArgumentException with a line for all that is wrong in it
     */
    public static RuleBook watched(String path, Decisions decisions) {
        List<FileRule> rules = RuleFile.read(path);
        RuleHits hits = new RuleHits(rules);
        RuleWatch.start(hits);
        return new FileRules(rules, hits, decisions);
    }

    /** Those rules; their hits are for the caller to report. */
    public static RuleBook of(List<FileRule> rules, RuleHits hits, Decisions decisions) {
        return new FileRules(rules, hits, decisions);
    }
}
