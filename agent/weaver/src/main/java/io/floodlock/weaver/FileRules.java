package io.floodlock.weaver;

import io.floodlock.runtime.call.Kind;
import io.floodlock.runtime.call.Rule;
import io.floodlock.weaver.pointcut.ClassFiles;
import io.floodlock.weaver.pointcut.Hint;
import io.floodlock.weaver.pointcut.Subject;
import io.floodlock.weaver.rules.FileRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The rules of a file. Three sieves, the cheapest first: the class's name and the texts of its constant pool; its supertypes;
 * then method by method. Supertypes are read from their class files, and only by rules that everything cheaper has let
 * through.
 */
final class FileRules extends RuleBook {

    private static final String GENERATED = "of a generated class; what it overrides is woven in its parent";

    private final List<FileRule> rules;
    /** One for each rule, in the same order. */
    private final List<Hint> hints = new ArrayList<>();

    private final RuleHits hits;
    private final Decisions decisions;

    FileRules(List<FileRule> rules, RuleHits hits, Decisions decisions) {
        this.rules = List.copyOf(rules);
        for (FileRule each : rules) {
            hints.add(each.pointcut().hint());
        }
        this.hits = hits;
        this.decisions = decisions;
    }

    @Override
    boolean mayName(ClassLoader loader, String name, byte[] file) {
        String binary = name.replace('/', '.');
        List<Hint> asking = new ArrayList<>(0);
        List<FileRule> others = new ArrayList<>(0);
        for (int i = 0; i < hints.size(); i++) {
            if (hints.get(i).fitsName(binary)) {
                if (hints.get(i).asksForText()) {
                    asking.add(hints.get(i));
                } else {
                    others.add(rules.get(i));
                }
            }
        }
        if (!asking.isEmpty() && ConstantPool.anyText(file, (bytes, at, length) -> isText(asking, bytes, at, length))) {
            return true;
        }
        return !others.isEmpty()
                && !open(others, subjects(loader, new ClassReader(file))).isEmpty();
    }

    private static boolean isText(List<Hint> asking, byte[] file, int at, int length) {
        for (Hint each : asking) {
            if (each.isText(file, at, length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    ScannedClass applied(ClassLoader loader, ClassReader reader, ScannedClass type) throws Refusal {
        List<Subject> subjects = subjects(loader, reader);
        List<FileRule> open = open(rules, subjects);
        if (open.isEmpty()) {
            return type;
        }
        List<ScannedMethod> methods = new ArrayList<>();
        for (int i = 0; i < subjects.size(); i++) {
            methods.add(applied(open, subjects.get(i), type, type.methods().get(i)));
        }
        return type.with(methods);
    }

    @Override
    void generated(ClassLoader loader, byte[] file) {
        ClassReader reader = new ClassReader(file);
        ScannedClass type = ClassScanner.scan(reader);
        List<Subject> subjects = subjects(loader, reader);
        List<FileRule> open = open(rules, subjects);
        for (int i = 0; i < subjects.size(); i++) {
            for (FileRule each : matching(open, subjects.get(i))) {
                passOver(each, type, type.methods().get(i), GENERATED);
            }
        }
    }

    private static List<Subject> subjects(ClassLoader loader, ClassReader reader) {
        return Subject.of(ClassFiles.read(reader), ClassFiles.of(loader));
    }

    /** Those that may match a method of the class, by its place among types. */
    private static List<FileRule> open(List<FileRule> rules, List<Subject> subjects) {
        List<FileRule> open = new ArrayList<>(0);
        for (FileRule each : rules) {
            if (!subjects.isEmpty() && each.pointcut().mayMatchIn(subjects.get(0))) {
                open.add(each);
            }
        }
        return open;
    }

    private static List<FileRule> matching(List<FileRule> open, Subject subject) {
        List<FileRule> matching = new ArrayList<>(0);
        for (FileRule each : open) {
            // constructors and initializers are no methods, though they are within a class
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
        List<Rule> wanted = new ArrayList<>();
        for (FileRule each : matching) {
            Rule rule = each.rule();
            hits.matched(each);
            boolean once = rule.kind() == Kind.QUEUED || rule.kind() == Kind.DISTRIBUTED_TX;
            if (!kinds.add(rule.kind()) && once) {
                throw new Refusal(
                        type,
                        method,
                        "matches " + first(wanted, rule.kind()).title() + " and " + rule.title()
                                + ", and can follow only one of them",
                        "Narrow one of the pointcuts, with && !within(..) say.");
            }
            wanted.add(rule);
        }
        List<Rule> kept = new ArrayList<>();
        List<Rule> overridden = new ArrayList<>();
        Set<Kind> told = EnumSet.noneOf(Kind.class);
        for (Rule rule : method.rules()) {
            boolean instead = kinds.contains(rule.kind());
            (instead ? overridden : kept).add(rule);
            if (instead && told.add(rule.kind())) {
                Log.LOG.info(
                        "{}.{}: {} is in force instead of {}.",
                        type.displayName(),
                        method.name(),
                        first(wanted, rule.kind()).title(),
                        rule.title());
            }
        }
        kept.addAll(wanted);
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

    /** Null where the method can be woven. */
    private static String whyNot(ScannedMethod method) {
        if (method.is(Opcodes.ACC_BRIDGE)) {
            return "a bridge of the compiler's, which calls the method that is meant";
        }
        if (method.is(Opcodes.ACC_SYNTHETIC)) {
            return "synthetic: the compiler made it, from a lambda say";
        }
        if (method.is(Opcodes.ACC_ABSTRACT)) {
            return "abstract, without a body; what implements it is woven";
        }
        return method.is(Opcodes.ACC_NATIVE) ? "native, without a body" : null;
    }

    private void passOver(FileRule rule, ScannedClass type, ScannedMethod method, String reason) {
        hits.passedOver(rule, type.displayName() + "." + method.name() + " is " + reason);
        decisions.passedOver(type, method, rule.rule(), reason);
    }
}
