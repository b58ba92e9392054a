package io.floodlock.weaver.pointcut;

import io.floodlock.runtime.call.spec.TypeRules;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Checks whether class files are enough to show that the values of a declared type can't be stored in a queued call.
 * It examines the type and, recursively, the types of its fields and type arguments. If class files leave the
 * question open, it is answered when the classes are loaded. {@link DeclaredShapes} calls it.
 */
final class DeclaredPayload {

    private final Types types;
    private final Set<TypeUse> seen = new HashSet<>();
    private int depth;
    private boolean endless;

    DeclaredPayload(Types types) {
        this.types = types;
    }

    /**
     * @param where the position in the payload, for the message
     * @return the error; null if the values can be stored, and if the question is open
     */
    String refusal(TypeUse type, String where) {
        String refusal = nested(type, where);
        return refusal == null && endless ? TypeRules.endless(where, type.name()) : refusal;
    }

    private String nested(TypeUse type, String where) {
        depth++;
        endless |= depth > TypeRules.deepest();
        String refusal = endless ? null : one(type, where);
        depth--;
        return refusal;
    }

    private String one(TypeUse type, String where) {
        if (type.isVariable() || !seen.add(type)) {
            return null;
        }
        if (type.dimensions() > 0) {
            return nested(type.component(), where + "[]");
        }
        Class<?> platform = platform(type.name());
        if (platform != null) {
            return ofPlatform(platform, type, where);
        }
        Parent parent = Parent.of(type, types);
        return parent == null || !parent.isComplete() ? null : ofApplication(parent, where);
    }

    /** A JDK class, which is available in any case; null for all other classes and for primitive types. */
    private static Class<?> platform(String name) {
        try {
            return name.indexOf('.') < 0 ? null : Class.forName(name, false, ClassLoader.getPlatformClassLoader());
        } catch (ClassNotFoundException | LinkageError ofApplication) {
            return null;
        }
    }

    private String ofPlatform(Class<?> raw, TypeUse type, String where) {
        return switch (TypeRules.payload(raw)) {
            case "VALUE" -> null;
            case "COLLECTION" -> argument(type, 0, where + "[]");
            case "OPTIONAL" -> argument(type, 0, where);
            case "MAP" -> {
                String keys = mapKey(type, where);
                yield keys != null ? keys : argument(type, 1, where + "[]");
            }
            default -> raw.isEnum() ? null : TypeRules.unfit(where, raw);
        };
    }

    private String argument(TypeUse type, int index, String where) {
        List<TypeUse> arguments = type.arguments();
        return index < arguments.size() ? nested(arguments.get(index), where) : null;
    }

    private String mapKey(TypeUse type, String where) {
        TypeUse key = type.arguments().isEmpty() ? null : type.arguments().get(0);
        Class<?> raw = key == null || key.isVariable() || key.dimensions() > 0 ? null : platform(key.name());
        return raw == null || raw.isEnum() || TypeRules.payload(raw).equals("VALUE")
                ? null
                : TypeRules.mapKey(where, raw.getName());
    }

    private String ofApplication(Parent parent, String where) {
        TypeShape shape = parent.shape;
        if (is(parent, "java.lang.Enum") || shape.sealed()) {
            return null;
        }
        if (Modifier.isAbstract(shape.access())) {
            return TypeRules.open(where, shape.name());
        }
        if (!is(parent, "java.lang.Record")) {
            if (is(parent, "java.lang.Throwable") || is(parent, "java.util.Map") || is(parent, "java.lang.Iterable")) {
                return TypeRules.container(where, shape.name());
            }
            if (shape.method("<init>", "()V") == null) {
                return TypeRules.withoutConstructor(where, shape.name());
            }
        }
        for (Parent each : parent.withAncestors()) {
            for (TypeShape.FieldShape field : each.shape.fields()) {
                if ((field.access() & (Opcodes.ACC_STATIC | Opcodes.ACC_TRANSIENT)) != 0) {
                    continue;
                }
                String refusal = nested(field.type().with(each.arguments), where + "." + field.name());
                if (refusal != null) {
                    return refusal;
                }
            }
        }
        return null;
    }

    private static boolean is(Parent parent, String name) {
        return parent.withAncestors().stream().anyMatch(each -> each.name().equals(name));
    }
}
