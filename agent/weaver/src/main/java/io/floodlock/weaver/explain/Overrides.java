package io.floodlock.weaver.explain;

import io.floodlock.runtime.call.spec.Rule;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Finds methods that look protected but are not: each overrides a protected method without an annotation or a rule of
 * its own. Java does not inherit annotations of methods. The caller supplies the classes and the woven methods, so
 * the search works for loaded classes and for archives.
 */
public final class Overrides {

    private static final int NOT_OVERRIDING = Opcodes.ACC_STATIC
            | Opcodes.ACC_PRIVATE
            | Opcodes.ACC_ABSTRACT
            | Opcodes.ACC_BRIDGE
            | Opcodes.ACC_SYNTHETIC;
    private static final int VISIBLE = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

    private final Function<String, DeclaredMethods> declared;
    private final BiFunction<String, String, WeavingDecision> woven;

    /**
     * @param declared gives the methods declared by the class with that internal name; null if the class is unknown
     * @param woven gives the decision for a woven method, by the internal name of its class and the method's name and
     *     descriptor; null if it is not woven
     */
    public Overrides(Function<String, DeclaredMethods> declared, BiFunction<String, String, WeavingDecision> woven) {
        this.declared = declared;
        this.woven = woven;
    }

    /**
     * The unprotected overrides in one class: by name and descriptor of each, the decision for the method that it
     * overrides.
     *
     * @param type internal name
     */
    public Map<String, WeavingDecision> unprotected(String type) {
        Map<String, WeavingDecision> found = new HashMap<>();
        DeclaredMethods own = declared.apply(type);
        if (own != null) {
            own.access().forEach((key, access) -> {
                WeavingDecision overridden = (access & NOT_OVERRIDING) == 0 && woven.apply(type, key) == null
                        ? overridden(own, type, key)
                        : null;
                if (overridden != null) {
                    found.put(key, overridden);
                }
            });
        }
        return found;
    }

    /**
     * The decision for the nearest method that this one overrides, in breadth-first order through the supertypes;
     * null if no overridden method is woven. A declaration that is not woven, or can't be overridden, ends the search
     * through its class.
     */
    private WeavingDecision overridden(DeclaredMethods own, String type, String key) {
        Deque<String> next = new ArrayDeque<>(own.parents());
        while (!next.isEmpty()) {
            String parent = next.poll();
            DeclaredMethods above = declared.apply(parent);
            if (above == null) {
                continue;
            }
            Integer access = above.access().get(key);
            if (access == null) {
                next.addAll(above.parents());
            } else if ((access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) == 0
                    && ((access & VISIBLE) != 0 || packageOf(parent).equals(packageOf(type)))) {
                WeavingDecision found = woven.apply(parent, key);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /**
     * The message for one unprotected override.
     *
     * @param type internal name
     */
    public static String text(String type, WeavingDecision overridden) {
        return type.replace('/', '.') + "." + overridden.method() + "("
                + String.join(", ", DecisionText.parameters(overridden)) + ") overrides the method of "
                + overridden.type() + ", which has "
                + overridden.rules().stream().map(Rule::origin).collect(Collectors.joining(", "));
    }

    private static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('/')));
    }
}
