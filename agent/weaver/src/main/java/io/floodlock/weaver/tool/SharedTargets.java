package io.floodlock.weaver.tool;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.type.GeneratedClasses;
import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.DeclaredMethods;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Finds the queued methods that objects of several classes of an application share. A stored call does not tell on
 * which object it was made, so it waits as long as more than one of them exists.
 */
final class SharedTargets {

    /** More classes than these are not named in one line. */
    private static final int NAMED = 4;

    private final Map<String, DeclaredMethods> declared = new HashMap<>();
    private final Set<String> concrete = new HashSet<>();
    private final Map<String, Set<String>> subclasses = new HashMap<>();
    private final Map<String, Set<String>> queued = new HashMap<>();

    private SharedTargets() {}

    /** One line for each such method. */
    static List<String> in(Collection<ClassFile> classes, Collection<WeavingDecision> decisions) {
        List<WeavingDecision> methods = decisions.stream()
                .filter(each -> each.outcome() == Outcome.WOVEN
                        && each.rules().stream().anyMatch(rule -> rule.kind() == Kind.QUEUED))
                .toList();
        return methods.isEmpty()
                ? List.of()
                : new SharedTargets().read(classes, methods).lines(methods);
    }

    private SharedTargets read(Collection<ClassFile> classes, List<WeavingDecision> methods) {
        for (ClassFile file : classes) {
            if (file.defect().isEmpty() && !GeneratedClasses.mayBeGenerated(file.name())) {
                ClassReader reader = new ClassReader(file.bytes());
                declared.put(file.name(), DeclaredMethods.of(file.bytes()));
                if ((reader.getAccess() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) == 0) {
                    concrete.add(file.name());
                }
                subclasses
                        .computeIfAbsent(String.valueOf(reader.getSuperName()), any -> new TreeSet<>())
                        .add(file.name());
            }
        }
        for (WeavingDecision method : methods) {
            queued.computeIfAbsent(internal(method), any -> new HashSet<>()).add(key(method));
        }
        return this;
    }

    private List<String> lines(List<WeavingDecision> methods) {
        List<String> lines = new ArrayList<>();
        for (WeavingDecision method : methods) {
            DeclaredMethods owner = declared.get(internal(method));
            if (owner == null || (owner.access().getOrDefault(key(method), 0) & Opcodes.ACC_STATIC) != 0) {
                continue;
            }
            Set<String> targets = new TreeSet<>();
            collect(internal(method), key(method), targets);
            if (targets.size() > 1) {
                lines.add(method.type() + "." + method.method() + "("
                        + String.join(", ", DecisionText.parameters(method)) + ") runs on objects of "
                        + named(targets));
            }
        }
        return lines;
    }

    /** The concrete classes whose objects run the method; not those below a queued override, which has its own name. */
    private void collect(String type, String key, Set<String> targets) {
        if (concrete.contains(type)) {
            targets.add(type.replace('/', '.'));
        }
        for (String below : subclasses.getOrDefault(type, Set.of())) {
            if (!queued.getOrDefault(below, Set.of()).contains(key)) {
                collect(below, key, targets);
            }
        }
    }

    private static String named(Set<String> types) {
        String some = types.stream().limit(NAMED).collect(Collectors.joining(", "));
        return types.size() <= NAMED ? some : some + " and " + (types.size() - NAMED) + " more";
    }

    private static String internal(WeavingDecision method) {
        return method.type().replace('.', '/');
    }

    private static String key(WeavingDecision method) {
        return method.method() + method.descriptor();
    }
}
