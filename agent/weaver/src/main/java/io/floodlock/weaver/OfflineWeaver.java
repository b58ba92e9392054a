package io.floodlock.weaver;

import io.floodlock.runtime.call.AgentRuntimes;
import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.decision.Explaining;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.load.Dispatcher;
import io.floodlock.weaver.rulebook.RuleBook;
import io.floodlock.weaver.rulebook.RuleBooks;
import io.floodlock.weaver.rulebook.RuleHits;
import io.floodlock.weaver.rules.FileRule;
import io.floodlock.weaver.rules.RuleFile;
import io.floodlock.weaver.scan.Refusal;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes the weaver's decisions about class files that are never loaded, for the command {@code explain}. Thread-safe if
 * the reader is.
 */
public final class OfflineWeaver {

    private final Decisions decisions;
    private final RuleHits hits;
    private final ClassWeaver classes;
    private final Weaver weaver;

    private OfflineWeaver(Consumer<WeavingDecision> reader, List<FileRule> rules) {
        decisions = new Explaining(reader);
        hits = new RuleHits(rules);
        RuleBook book = rules.isEmpty() ? RuleBook.NONE : RuleBooks.of(rules, hits, decisions);
        classes = new ClassWeaver(AgentRuntimes.checking(), Dispatcher.NAME, book, decisions);
        weaver = new Weaver(classes, true, decisions, LoadedClasses.none());
    }

    /** @param reader receives what a start with {@code floodlock.explain} would log */
    public static OfflineWeaver withoutRules(Consumer<WeavingDecision> reader) {
        return new OfflineWeaver(reader, List.of());
    }

    /**
     * @param reader receives what a start with {@code floodlock.explain} would log
     * @param file a rules file
     * @throws IllegalArgumentException with one line for each error in the file
     */
    public static OfflineWeaver withRules(Consumer<WeavingDecision> reader, String file) {
        return new OfflineWeaver(reader, RuleFile.read(file));
    }

    /** One line for each rule that has matched nothing so far. */
    public List<String> unmatchedRules() {
        return hits.unmatchedInAll();
    }

    /** Annotations on methods whose own class files are missing, by their binary names. They change no decision. */
    public Set<String> missingAnnotations() {
        return classes.missingAnnotations();
    }

    /**
     * Decides as if that class were loading.
     *
     * @param loader finds the class files of supertypes as resources; it is never asked for a class
     * @param name the class's internal name
     */
    public void decide(ClassLoader loader, String name, byte[] file) {
        try {
            weaver.look(loader, name, file, file, false);
        } catch (Refusal | RuntimeException | LinkageError failure) {
            if (weaver.carriesRules(loader, name, file)) {
                decisions.failed(name, true, Weaver.reason(name, failure));
            }
        }
    }
}
