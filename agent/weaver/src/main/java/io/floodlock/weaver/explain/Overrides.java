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

/** Methods that look protected, as what they override is, and are not: Java inherits no annotation of a method. */
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
     * @param declared what a class of that internal name declares; null where nothing is known of it
     * @param woven what is woven of a class, by its internal name, and a method, by name and descriptor; null for nothing
     */
    public Overrides(Function<String, DeclaredMethods> declared, BiFunction<String, String, WeavingDecision> woven) {
        this.declared = declared;
        this.woven = woven;
    }

    /** By the name and descriptor of each such method of the class: what it stands in for. @param type internal */
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

    /** What a method stands in for, if that is protected; null where a method between them is not. */
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

    /** What is said of such a method. @param type internal */
    public static String text(String type, WeavingDecision overridden) {
        return type.replace('/', '.') + "." + overridden.method() + "("
                + String.join(", ", DecisionText.parameters(overridden)) + ") overrides that of "
                + overridden.type() + ", which has "
                + overridden.rules().stream().map(Rule::origin).collect(Collectors.joining(", "));
    }

    private static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('/')));
    }
}
