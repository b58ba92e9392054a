package io.floodlock.weaver.rulebook;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.log.WeaverLog;
import io.floodlock.weaver.pointcut.ClassFiles;
import io.floodlock.weaver.pointcut.ClassSketch;
import io.floodlock.weaver.pointcut.Subject;
import io.floodlock.weaver.rules.FileRule;
import io.floodlock.weaver.scan.ClassScanner;
import io.floodlock.weaver.scan.Refusal;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Applies the rules of a file to classes as they load. There are two filters. First, a {@link ClassSketch} of the
 * class excludes nearly all rules. Then the remaining rules are tested against each method; for this the class and
 * its supertypes are read with their generics.
 */
public final class FileRules extends RuleBook {

    private static final String GENERATED = "in a generated class; the method it overrides is woven in its parent";

    private final List<FileRule> rules;
    private final RuleHits hits;
    private final Decisions decisions;

    public FileRules(List<FileRule> rules, RuleHits hits, Decisions decisions) {
        this.rules = List.copyOf(rules);
        this.hits = hits;
        this.decisions = decisions;
    }

    @Override
    public int size() {
        return rules.size();
    }

    @Override
    public boolean mayName(ClassLoader loader, String name, byte[] file) {
        return !open(loader, name, file).isEmpty();
    }

    @Override
    public ScannedClass applied(ClassLoader loader, byte[] file, ClassReader reader, ScannedClass type) throws Refusal {
        List<FileRule> open = open(loader, type.name(), file);
        if (open.isEmpty()) {
            return type;
        }
        for (FileRule each : open) {
            if (each.pointcut().names(type.displayName())) {
                hits.missed(each, type);
            }
        }
        List<Subject> subjects = subjects(loader, reader);
        List<ScannedMethod> methods = new ArrayList<>();
        for (int i = 0; i < subjects.size(); i++) {
            methods.add(applied(open, subjects.get(i), type, type.methods().get(i)));
        }
        return type.with(methods);
    }

    @Override
    public void generated(ClassLoader loader, byte[] file) {
        ClassReader reader = new ClassReader(file);
        ScannedClass type = ClassScanner.scan(reader);
        List<FileRule> open = open(loader, type.name(), file);
        List<Subject> subjects = subjects(loader, reader);
        for (int i = 0; i < subjects.size(); i++) {
            for (FileRule each : matching(open, subjects.get(i))) {
                passOver(each, type, type.methods().get(i), GENERATED);
            }
        }
    }

    /** The rules that may match a method of the class; all rules if the file can't be sketched. */
    private List<FileRule> open(ClassLoader loader, String name, byte[] file) {
        ClassSketch glance = ClassSketch.of(file, name.replace('/', '.'), ClassFiles.of(loader));
        if (glance == null) {
            return rules;
        }
        List<FileRule> open = new ArrayList<>(0);
        for (FileRule each : rules) {
            if (each.pointcut().mayMatch(glance)) {
                open.add(each);
            } else if (each.pointcut().names(name.replace('/', '.'))) {
                hits.missed(each, ClassScanner.scan(new ClassReader(file)));
            }
        }
        return open;
    }

    private static List<Subject> subjects(ClassLoader loader, ClassReader reader) {
        return Subject.of(ClassFiles.read(reader), ClassFiles.of(loader));
    }

    private static List<FileRule> matching(List<FileRule> open, Subject subject) {
        List<FileRule> matching = new ArrayList<>(0);
        for (FileRule each : open) {
            // rules never apply to constructors and initializers, although within(..) matches their class
            if (!subject.method().name().startsWith("<") && each.pointcut().matches(subject)) {
                matching.add(each);
            }
        }
        return matching;
    }

    private ScannedMethod applied(List<FileRule> open, Subject subject, ScannedClass type, ScannedMethod method)
            throws Refusal {
        List<FileRule> matching = matching(open, subject);
        if (matching.isEmpty()) {
            return method;
        }
        String reason = whyNot(method);
        if (reason != null) {
            for (FileRule each : matching) {
                passOver(each, type, method, reason);
            }
            return method;
        }
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        List<Rule> applying = new ArrayList<>();
        for (FileRule each : matching) {
            Rule rule = each.rule();
            hits.matched(each);
            boolean once = rule.kind() == Kind.QUEUED || rule.kind() == Kind.DISTRIBUTED_TX;
            if (!kinds.add(rule.kind()) && once) {
                throw new Refusal(
                        type,
                        method,
                        "matches " + first(applying, rule.kind()).title() + " and " + rule.title()
                                + ", and can follow only one of them",
                        "Narrow one of the pointcuts, for example with && !within(..).");
            }
            applying.add(rule);
        }
        List<Rule> kept = new ArrayList<>();
        List<Rule> overridden = new ArrayList<>();
        Set<Kind> reported = EnumSet.noneOf(Kind.class);
        for (Rule rule : method.rules()) {
            boolean instead = kinds.contains(rule.kind());
            (instead ? overridden : kept).add(rule);
            if (instead && reported.add(rule.kind())) {
                WeaverLog.LOG.info(
                        "{}.{}: {} replaces {}.",
                        type.displayName(),
                        method.name(),
                        first(applying, rule.kind()).title(),
                        rule.title());
            }
        }
        kept.addAll(applying);
        return method.with(kept, overridden);
    }

    private static Rule first(List<Rule> rules, Kind kind) {
        for (Rule rule : rules) {
            if (rule.kind() == kind) {
                return rule;
            }
        }
        throw new IllegalStateException(kind.ruleName());
    }

    /** Why the method can't be woven; null if it can. */
    private static String whyNot(ScannedMethod method) {
        if (method.is(Opcodes.ACC_BRIDGE)) {
            return "a bridge method of the compiler, which calls the intended method";
        }
        if (method.is(Opcodes.ACC_SYNTHETIC)) {
            return "synthetic: generated by the compiler, for example from a lambda";
        }
        if (method.is(Opcodes.ACC_ABSTRACT)) {
            return "abstract, without a body; its implementations are woven";
        }
        return method.is(Opcodes.ACC_NATIVE) ? "native, without a body" : null;
    }

    private void passOver(FileRule rule, ScannedClass type, ScannedMethod method, String reason) {
        hits.passedOver(rule, type.displayName() + "." + method.name() + " is " + reason);
        decisions.passedOver(type, method, rule.rule(), reason);
    }
}
