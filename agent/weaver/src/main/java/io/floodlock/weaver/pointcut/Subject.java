package io.floodlock.weaver.pointcut;

import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A method to which pointcuts are applied. The declarations that it overrides are found at the first request and kept
 * for further pointcuts. For one thread.
 */
public final class Subject {

    final TypeShape type;
    final MethodShape method;
    final Types types;

    private final Parent root;
    private List<Declaration> overridden;

    private Subject(MethodShape method, Parent root, Types types) {
        this.type = root.shape;
        this.method = method;
        this.types = types;
        this.root = root;
    }

    /** One subject for each method of a class, in the order of its class file. */
    public static List<Subject> of(TypeShape type, ClassFiles files) {
        Types types = name -> name.equals(type.name()) ? type : files.find(name);
        Parent root = Parent.of(type, types);
        List<Subject> subjects = new ArrayList<>();
        for (MethodShape method : type.methods()) {
            subjects.add(new Subject(method, root, types));
        }
        return subjects;
    }

    public MethodShape method() {
        return method;
    }

    /** The declarations that the method overrides or implements, nearest first. */
    List<Declaration> overridden() {
        if (overridden == null) {
            overridden = Modifier.isStatic(method.access()) ? List.of() : find();
        }
        return overridden;
    }

    private List<Declaration> find() {
        List<Declaration> found = new ArrayList<>();
        Set<String> visited = new HashSet<>();
        Deque<Step> open = new ArrayDeque<>();
        open.add(new Step(root, Declaration.asWritten(type, method)));
        while (!open.isEmpty()) {
            Step step = open.remove();
            for (Parent parent : step.from.parents()) {
                if (visited.add(parent.name() + parent.arguments)) {
                    Step next = overriddenBy(step.declaration, parent, found);
                    if (next != null) {
                        open.add(next);
                    }
                }
            }
        }
        return found;
    }

    private record Step(Parent from, Declaration declaration) {}

    private static Step overriddenBy(Declaration below, Parent parent, List<Declaration> found) {
        for (Parent declaring : parent.withAncestors()) {
            for (MethodShape each : declaring.shape.methods()) {
                if (!each.name().equals(below.method().name())
                        || each.parameters().size() != below.parameters().size()
                        || each.is(Opcodes.ACC_BRIDGE)) {
                    continue;
                }
                Declaration declaration = declaring.isParameterized()
                        ? Declaration.with(declaring.arguments, declaring.shape, each)
                        : Declaration.asWritten(declaring.shape, each);
                if (!declaration.parameters().equals(below.parameters())) {
                    continue;
                }
                if (each.is(Opcodes.ACC_PRIVATE)) {
                    return null;
                }
                between(parent, declaring, declaration, found);
                if (parent.isParameterized() && declaring.isParameterized()) {
                    found.add(Declaration.asWritten(declaring.shape, each));
                }
                return new Step(parent, declaration);
            }
        }
        return null;
    }

    /** A type between the two inherits the method, so it adds a declaration too. */
    private static void between(Parent sub, Parent declaring, Declaration declaration, List<Declaration> found) {
        found.add(declaration.in(sub.shape));
        if (sub.name().equals(declaring.name())) {
            return;
        }
        for (Parent parent : sub.parents()) {
            if (parent.isBelow(declaring)) {
                between(parent, declaring, declaration, found);
            }
        }
    }
}
