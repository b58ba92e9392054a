package io.floodlock.weaver.pointcut;

import io.floodlock.runtime.call.spec.TypeRules;
import java.lang.reflect.Modifier;
import java.util.List;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Checks one path of a key expression against class files, by the same rules that later bind the path to the loaded
 * classes ({@code TypeRules}). It reports only certain errors. A missing file, a wildcard or a type variable ends the
 * check without a result; the path is then checked when the classes are loaded. {@link DeclaredShapes} calls it.
 */
final class DeclaredPath {

    private final Types types;
    private final String text;

    /** The declared type that the path has reached; null if unknown. */
    private TypeUse at;

    DeclaredPath(Types types, TypeUse start, String text) {
        this.types = types;
        this.text = text;
        this.at = start.isVariable() ? start.erasure() : start;
    }

    /**
     * The error in the path; null if the class files show none.
     *
     * @param each index of the step that iterates over elements
     */
    String refusal(List<String> steps, int each) {
        for (int i = 0; i < steps.size() && at != null; i++) {
            String refusal = i == each ? enter() : step(steps.get(i));
            if (refusal != null) {
                return refusal;
            }
        }
        return at == null ? null : ending();
    }

    /** Steps from an array or a collection to its elements. */
    private String enter() {
        if (at.dimensions() > 0) {
            at = at.component();
            return null;
        }
        Parent type = Parent.of(at, types);
        Parent collection = seenAs(type, "java.util.Collection");
        if (collection != null) {
            at = argument(collection, 0);
            return null;
        }
        boolean known = type != null && type.isComplete();
        String refusal = known ? TypeRules.notEach(seenAs(type, "java.util.Map") != null, at.name()) : null;
        at = null;
        return refusal;
    }

    private String step(String name) {
        if (at.dimensions() > 0) {
            at = TypeRules.isIndex(name) ? at.component() : null;
            return null;
        }
        Parent type = Parent.of(at, types);
        if (type == null) {
            at = null;
            return null;
        }
        Parent map = seenAs(type, "java.util.Map");
        if (map != null) {
            TypeUse keys = argument(map, 0);
            at = argument(map, 1);
            return keys == null || TypeRules.isNameable(keys.erasure().name())
                    ? null
                    : TypeRules.notNameable(name, keys.erasure().name());
        }
        Parent list = TypeRules.isIndex(name) ? seenAs(type, "java.util.List") : null;
        if (list != null) {
            at = argument(list, 0);
            return null;
        }
        return member(type, name);
    }

    private String member(Parent type, String name) {
        String capitalized = TypeRules.capitalized(name);
        for (String method : List.of(name, "get" + capitalized, "is" + capitalized)) {
            for (Parent each : type.withAncestors()) {
                for (MethodShape declared : each.shape.methods()) {
                    if (isGetter(declared, method)) {
                        at = resolved(declared.genericResult(), each);
                        return null;
                    }
                }
            }
        }
        for (Parent each : type.withAncestors()) {
            for (TypeShape.FieldShape field : each.shape.fields()) {
                if (field.name().equals(name) && !Modifier.isStatic(field.access())) {
                    at = resolved(field.type(), each);
                    return null;
                }
            }
        }
        at = null;
        return type.isComplete() ? TypeRules.missing(name, type.name()) : null;
    }

    private static boolean isGetter(MethodShape method, String name) {
        return method.name().equals(name)
                && method.parameters().isEmpty()
                && !method.result().name().equals("void")
                && !method.is(Opcodes.ACC_STATIC)
                && !method.is(Opcodes.ACC_BRIDGE);
    }

    private static TypeUse resolved(TypeUse declared, Parent owner) {
        TypeUse type = declared.with(owner.arguments);
        return type.isVariable() ? null : type;
    }

    private static TypeUse argument(Parent type, int index) {
        List<TypeUse> variables = type.shape.variables();
        TypeUse argument = index < variables.size()
                ? type.arguments.get(variables.get(index).name())
                : null;
        return argument == null || argument.isVariable() ? null : argument;
    }

    private static Parent seenAs(Parent type, String name) {
        return type == null
                ? null
                : type.withAncestors().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElse(null);
    }

    private String ending() {
        Parent type = at.dimensions() > 0 ? null : Parent.of(at, types);
        boolean primitive = at.dimensions() == 0 && TypeRules.isPrimitive(at.name());
        if (type == null && at.dimensions() == 0 && !primitive) {
            return null;
        }
        String refusal = TypeRules.key(new Declared(at, type), text);
        return type == null || type.isComplete() ? refusal : null;
    }

    /** @param parent null for an array or a primitive type */
    private record Declared(TypeUse use, Parent parent) implements TypeRules.Type {

        @Override
        public String name() {
            return use.name();
        }

        @Override
        public boolean isArray() {
            return use.dimensions() > 0;
        }

        @Override
        public boolean isAbstract() {
            return parent != null && Modifier.isAbstract(parent.shape.access());
        }

        @Override
        public boolean isA(String name) {
            return seenAs(parent, name) != null;
        }

        @Override
        public String component() {
            return !isA("java.lang.Record")
                    ? null
                    : parent.shape.fields().stream()
                            .filter(field -> !Modifier.isStatic(field.access()))
                            .map(TypeShape.FieldShape::name)
                            .findFirst()
                            .orElse(null);
        }
    }
}
