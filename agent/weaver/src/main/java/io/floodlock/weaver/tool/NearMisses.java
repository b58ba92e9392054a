package io.floodlock.weaver.tool;

import io.floodlock.runtime.type.GeneratedClasses;
import io.floodlock.weaver.explain.DeclaredMethods;
import io.floodlock.weaver.explain.Overrides;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the unprotected overrides among all classes of an application. {@link Overrides} defines them. */
final class NearMisses {

    private NearMisses() {}

    /** One line for each unprotected override. */
    static List<String> in(Collection<ClassFile> classes, Collection<WeavingDecision> decisions) {
        Map<String, Map<String, WeavingDecision>> woven = new HashMap<>();
        for (WeavingDecision decision : decisions) {
            if (decision.outcome() == Outcome.WOVEN && !decision.rules().isEmpty()) {
                woven.computeIfAbsent(decision.type().replace('.', '/'), type -> new HashMap<>())
                        .put(decision.method() + decision.descriptor(), decision);
            }
        }
        if (woven.isEmpty()) {
            return List.of();
        }
        Map<String, DeclaredMethods> declared = new HashMap<>();
        for (ClassFile file : classes) {
            if (file.defect().isEmpty()) {
                declared.putIfAbsent(file.name(), DeclaredMethods.of(file.bytes()));
            }
        }
        Overrides overrides = new Overrides(
                declared::get,
                (type, method) -> woven.getOrDefault(type, Map.of()).get(method));
        List<String> lines = new ArrayList<>();
        for (ClassFile file : classes) {
            // a generated class overrides methods in order to call the originals
            if (!GeneratedClasses.mayBeGenerated(file.name())) {
                overrides
                        .unprotected(file.name())
                        .values()
                        .forEach(overridden -> lines.add(Overrides.text(file.name(), overridden)));
            }
        }
        return lines;
    }
}
