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
 * Records which rules have matched a method. A rule that matches nothing, for example because a class was renamed,
 * protects nothing; without a report this would go unnoticed. Thread-safe.
 */
public final class RuleHits {

    private static final int MOST_METHODS = 20;

    private final List<FileRule> rules;
    /** By origin, the file and line of a rule. A rule as key would hash its whole pointcut. */
    private final Map<String, Boolean> matched = new ConcurrentHashMap<>();
    /** By origin: the first method that matched but can't be woven. */
    private final Map<String, String> nearMisses = new ConcurrentHashMap<>();
    /** By origin: the class that the rule names, with the methods that it declares. */
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

    /**
     * Records that the rule names that class by its full name. If the rule matches nothing in the end, none of the
     * class's methods is the intended one.
     */
    void missed(FileRule rule, ScannedClass type) {
        missed.computeIfAbsent(
                rule.rule().origin(),
                origin -> type.displayName() + " exists, but has no such method; its methods are "
                        + type.methods().stream()
                                .filter(method -> !method.name().startsWith("<") && !method.is(Opcodes.ACC_SYNTHETIC))
                                .map(ScannedMethod::toSource)
                                .limit(MOST_METHODS)
                                .collect(Collectors.joining(", ")));
    }

    /** The rules that have matched no method so far: by title, the pointcut and a likely reason. */
    public Map<String, String> unmatched() {
        return unmatched(
                "has matched no class loaded so far",
                "; if the intended classes have been used, check package and class names (classes of the JDK and of the"
                        + " agent are never matched).");
    }

    /** One line for each rule that matches no method of the whole application. */
    public List<String> unmatchedInAll() {
        List<String> lines = new ArrayList<>();
        unmatched(
                        "matches no class of the application",
                        "; check package and class names (classes of the JDK and of the agent are never matched).")
                .forEach((title, why) -> lines.add(title + ": " + why));
        return lines;
    }

    private String why(FileRule rule, String what, String advice) {
        String origin = rule.rule().origin();
        if (nearMisses.containsKey(origin)) {
            return what + "; it matched only a method that can't be woven: " + nearMisses.get(origin) + ".";
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
