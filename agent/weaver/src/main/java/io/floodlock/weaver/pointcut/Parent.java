package io.floodlock.weaver.pointcut;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A type in a hierarchy, with the type arguments that its subtype supplies. Its supertypes are read at the first
 * request and kept, because all methods of a class use the same hierarchy. For one thread.
 */
final class Parent {

    final TypeShape shape;
    /** Type arguments by variable; empty if the type has no variables or is used raw. */
    final Map<String, TypeUse> arguments;
    /** Generic, but used without type arguments: all generics of its supertypes are then erased. */
    private final boolean raw;

    private final Types types;
    private List<Parent> parents;
    private List<Parent> ancestors;

    private Parent(TypeShape shape, Map<String, TypeUse> arguments, boolean raw, Types types) {
        this.shape = shape;
        this.arguments = arguments;
        this.raw = raw;
        this.types = types;
    }

    static Parent of(TypeShape shape, Types types) {
        return new Parent(shape, Map.of(), false, types);
    }

    /** The type that a declaration uses; null if its class file is missing. */
    static Parent of(TypeUse use, Types types) {
        return used(use, Map.of(), false, types);
    }

    String name() {
        return shape.name();
    }

    boolean isParameterized() {
        return !arguments.isEmpty();
    }

    /** Direct supertypes, interfaces first; without those whose class file is missing. */
    List<Parent> parents() {
        if (parents == null) {
            parents = new ArrayList<>();
            for (TypeUse each : shape.interfaces()) {
                add(each);
            }
            if (shape.superclass() != null) {
                add(shape.superclass());
            }
        }
        return parents;
    }

    /** Whether the class file of every supertype was found, so that a member not found does not exist. */
    boolean isComplete() {
        for (Parent each : withAncestors()) {
            int declared = each.shape.interfaces().size() + (each.shape.superclass() == null ? 0 : 1);
            if (each.parents().size() != declared) {
                return false;
            }
        }
        return true;
    }

    private void add(TypeUse use) {
        Parent parent = used(use, arguments, raw, types);
        if (parent != null) {
            parents.add(parent);
        }
    }

    private static Parent used(TypeUse use, Map<String, TypeUse> arguments, boolean raw, Types types) {
        TypeShape found = types.find(use.name());
        if (found == null) {
            return null;
        }
        List<TypeUse> variables = found.variables();
        if (raw || variables.isEmpty() || use.arguments().size() != variables.size()) {
            return new Parent(found, Map.of(), !variables.isEmpty(), types);
        }
        Map<String, TypeUse> bound = new HashMap<>();
        for (int i = 0; i < variables.size(); i++) {
            bound.put(variables.get(i).name(), use.arguments().get(i).with(arguments));
        }
        return new Parent(found, bound, false, types);
    }

    /**
     * The type itself, then its superclasses, then all interfaces: the order in which the JVM resolves a method. For
     * an interface, without Object.
     */
    List<Parent> withAncestors() {
        if (ancestors == null) {
            List<Parent> classes = new ArrayList<>();
            List<Parent> interfaces = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            List<Parent> open = new ArrayList<>(List.of(this));
            for (int i = 0; i < open.size(); i++) {
                Parent each = open.get(i);
                if (seen.add(each.name())) {
                    (each.isInterface() ? interfaces : classes).add(each);
                    for (Parent parent : each.parents()) {
                        if (parent.isInterface() || !each.isInterface()) {
                            open.add(parent);
                        }
                    }
                }
            }
            classes.addAll(interfaces);
            ancestors = classes;
        }
        return ancestors;
    }

    boolean isBelow(Parent ancestor) {
        if (ancestor.name().equals(TypeUse.OBJECT.name())) {
            return true;
        }
        for (Parent each : withAncestors()) {
            if (each.name().equals(ancestor.name())) {
                return true;
            }
        }
        return false;
    }

    private boolean isInterface() {
        return Modifier.isInterface(shape.access());
    }
}
