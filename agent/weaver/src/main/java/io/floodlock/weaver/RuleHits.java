package io.floodlock.weaver;

import io.floodlock.weaver.rules.FileRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which rules have matched: a rule that names nothing, after a class was renamed say, protects nothing, and nobody would
 * notice. Thread-safe.
 */
final class RuleHits {

    private final List<FileRule> rules;
    /** By origin, a rule's own line: to hash a rule is to hash its whole pointcut. */
    private final Map<String, Boolean> matched = new ConcurrentHashMap<>();
    /** The first that a rule matched and that is not woven. */
    private final Map<String, String> nearMisses = new ConcurrentHashMap<>();

    RuleHits(List<FileRule> rules) {
        this.rules = List.copyOf(rules);
    }

    void matched(FileRule rule) {
        matched.putIfAbsent(rule.rule().origin(), true);
    }

    void passedOver(FileRule rule, String what) {
        nearMisses.putIfAbsent(rule.rule().origin(), what);
    }

    /** Each rule that no method follows so far, by its title, with its pointcut and why that may be. */
    Map<String, String> unmatched() {
        return unmatched(
                "has matched no class loaded so far",
                "; if those it means have been used, compare packages and names (classes of the JDK and of the agent are"
                        + " never matched).");
    }

    /** A line for each rule that no method of the whole application follows. */
    List<String> unmatchedInAll() {
        List<String> lines = new ArrayList<>();
        unmatched(
                        "matches no class of the application",
                        "; compare packages and names (classes of the JDK and of the agent are never matched).")
                .forEach((title, why) -> lines.add(title + ": " + why));
        return lines;
    }

    private Map<String, String> unmatched(String what, String advice) {
        Map<String, String> unmatched = new LinkedHashMap<>();
        for (FileRule each : rules) {
            if (!matched.containsKey(each.rule().origin())) {
                String near = nearMisses.get(each.rule().origin());
                unmatched.put(
                        each.rule().title(),
                        "the pointcut '" + each.text() + "' " + what
                                + (near == null ? advice : "; it met only what is not woven: " + near + "."));
            }
        }
        return unmatched;
    }
}
