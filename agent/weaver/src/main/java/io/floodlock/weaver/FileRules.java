package io.floodlock.weaver;

import io.floodlock.runtime.call.Kind;
import io.floodlock.runtime.call.Rule;
import io.floodlock.weaver.pointcut.ClassFiles;
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
    private final RuleHits hits;
    private final Decisions decisions;

    FileRules(List<FileRule> rules, RuleHits hits, Decisions decisions) {
        this.rules = List.copyOf(rules);
        this.hits = hits;
        this.decisions = decisions;
    }

    @Override
    boolean mayName(String name, byte[] file) {
        String binary = name.replace('/', '.');
        List<FileRule> asking = null;
        for (FileRule each : rules) {
            if (each.pointcut().hint().fitsName(binary)) {
                if (!each.pointcut().hint().asksForText()) {
                    return true;
                }
                asking = asking == null ? new ArrayList<>(rules.size()) : asking;
                asking.add(each);
            }
        }
        List<FileRule> wanted = asking;
        return wanted != null && ConstantPool.anyText(file, (bytes, at, length) -> isText(wanted, bytes, at, length));
    }

    private static boolean isText(List<FileRule> wanted, byte[] file, int at, int length) {
        for (FileRule each : wanted) {
            if (each.pointcut().hint().isText(file, at, length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    ScannedClass applied(ClassLoader loader, ClassReader reader, ScannedClass type) throws Refusal {
        List<Subject> subjects = Subject.of(ClassFiles.read(reader), ClassFiles.of(loader));
        List<FileRule> open = open(subjects);
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
        List<Subject> subjects = Subject.of(ClassFiles.read(reader), ClassFiles.of(loader));
        List<FileRule> open = open(subjects);
        for (int i = 0; i < subjects.size(); i++) {
            for (FileRule each : matching(open, subjects.get(i))) {
                passOver(each, type, type.methods().get(i), GENERATED);
            }
        }
    }

    private List<FileRule> open(List<Subject> subjects) {
        List<FileRule> open = new ArrayList<>();
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
