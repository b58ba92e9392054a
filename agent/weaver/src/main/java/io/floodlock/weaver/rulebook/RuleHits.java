package io.floodlock.weaver.rulebook;

import io.floodlock.weaver.rules.FileRule;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Which rules have matched: a rule that names nothing, after a class was renamed say, protects nothing, and nobody would
 * notice. Thread-safe.
 */
public final class RuleHits {

    private static final int MOST_METHODS = 20;

    private final List<FileRule> rules;
    /** By origin, a rule's own line: to hash a rule is to hash its whole pointcut. */
    private final Map<String, Boolean> matched = new ConcurrentHashMap<>();
    /** The first that a rule matched and that is not woven. */
    private final Map<String, String> nearMisses = new ConcurrentHashMap<>();
    /** The class that a rule names, and the methods that it has. */
    private final Map<String, String> missed = new ConcurrentHashMap<>();

    public RuleHits(List<FileRule> rules) {
        this.rules = List.copyOf(rules);
    }

    void matched(FileRule rule) {
        matched.putIfAbsent(rule.rule().origin(), true);
    }

    void passedOver(FileRule rule, String what) {
        nearMisses.putIfAbsent(rule.rule().origin(), what);
    }

    /** The rule names that class; if in the end it has matched nothing, then none of its methods is what is meant. */
    void missed(FileRule rule, ScannedClass type) {
        missed.computeIfAbsent(
                rule.rule().origin(),
                origin -> type.displayName() + " is there, but it has none like that; it has "
                        + type.methods().stream()
                                .filter(method -> !method.name().startsWith("<") && !method.is(Opcodes.ACC_SYNTHETIC))
                                .map(ScannedMethod::toSource)
                                .limit(MOST_METHODS)
                                .collect(Collectors.joining(", ")));
    }

    /** Each rule that no method follows so far, by its title, with its pointcut and why that may be. */
    public Map<String, String> unmatched() {
        return unmatched(
                "has matched no class loaded so far",
                "; if those it means have been used, compare packages and names (classes of the JDK and of the agent are"
                        + " never matched).");
    }

    /** A line for each rule that no method of the whole application follows. */
    public List<String> unmatchedInAll() {
        List<String> lines = new ArrayList<>();
        unmatched(
                        "matches no class of the application",
                        "; compare packages and names (classes of the JDK and of the agent are never matched).")
                .forEach((title, why) -> lines.add(title + ": " + why));
        return lines;
    }

    private String why(FileRule rule, String what, String advice) {
        String origin = rule.rule().origin();
        if (nearMisses.containsKey(origin)) {
            return what + "; it met only what is not woven: " + nearMisses.get(origin) + ".";
        }
        return missed.containsKey(origin) ? "matches no method: " + missed.get(origin) + "." : what + advice;
    }

    private Map<String, String> unmatched(String what, String advice) {
        Map<String, String> unmatched = new LinkedHashMap<>();
        for (FileRule each : rules) {
            if (!matched.containsKey(each.rule().origin())) {
                unmatched.put(each.rule().title(), "the pointcut '" + each.text() + "' " + why(each, what, advice));
            }
        }
        return unmatched;
    }
}
