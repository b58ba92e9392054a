package io.floodlock.processor;

import java.util.Locale;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * Decides by a declared type whether its values can be parts of keys. If the declared type is {@code Object} or an
 * interface, the value decides at the call. The agent has the same rules and messages; a test compares both.
 */
final class KeyPartTypes {

    private static final String KEY_TEXT = "io.floodlock.KeyText";

    private static final Set<String> TIMES = Set.of(
            "java.time.Duration",
            "java.time.Instant",
            "java.time.LocalDate",
            "java.time.LocalDateTime",
            "java.time.LocalTime",
            "java.time.MonthDay",
            "java.time.OffsetDateTime",
            "java.time.OffsetTime",
            "java.time.Period",
            "java.time.Year",
            "java.time.YearMonth",
            "java.time.ZonedDateTime");

    private static final Set<String> PLAIN = Set.of(
            "boolean",
            "byte",
            "char",
            "int",
            "long",
            "short",
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Object",
            "java.lang.Short",
            "java.lang.String",
            "java.math.BigDecimal",
            "java.math.BigInteger",
            "java.util.UUID");

    private static final Set<String> FLOATING = Set.of("float", "double", "java.lang.Float", "java.lang.Double");

    private static final Set<String> OPTIONAL =
            Set.of("java.util.Optional", "java.util.OptionalInt", "java.util.OptionalLong", "java.util.OptionalDouble");

    private static final Set<String> NAMEABLE = Set.of(
            "java.lang.String",
            "java.lang.Object",
            "java.lang.CharSequence",
            "java.lang.Comparable",
            "java.io.Serializable");

    private final TypeModel model;

    KeyPartTypes(TypeModel model) {
        this.model = model;
    }

    /**
     * @param path without braces, for the remedy
     * @return null if values of the type may be parts of a key; otherwise the reason and what to write instead, in
     *     words that continue the path's text
     */
    String refusal(TypeMirror type, String path) {
        String name = model.name(type);
        if (type.getKind() == TypeKind.ARRAY) {
            return "is an array; name an element as {" + path + "[0]}, or use a key for each as {" + path + "[*]}";
        }
        if (FLOATING.contains(name)) {
            return "is a floating-point number (" + name + "), and equal numbers can have different texts;"
                    + " use a BigDecimal or an integer";
        }
        if (PLAIN.contains(name)
                || TIMES.contains(name)
                || model.isA(type, KEY_TEXT)
                || model.isA(type, "java.lang.Enum")
                || model.isA(type, "java.lang.CharSequence")
                || model.isA(type, "java.time.ZoneId")) {
            return null;
        }
        String remedy = remedy(type, path);
        if (remedy == null) {
            return isAbstract(type)
                    ? null
                    : "is a " + name + ", which has no text for a key: equal values may print differently;"
                            + " name the part that identifies it, for example {" + path
                            + ".id}, or let it implement " + KEY_TEXT;
        }
        return "is a " + name + "; " + remedy;
    }

    /** What to write instead of a value of the type; null if it is of no known kind. */
    private String remedy(TypeMirror type, String path) {
        if (OPTIONAL.contains(model.name(type))) {
            return "name its content as {" + path + ".get}";
        }
        if (model.isA(type, "java.util.Map")) {
            return "name one of its keys, for example {" + path + "[name]}";
        }
        if (model.isA(type, "java.nio.file.Path")) {
            return "pass its text";
        }
        if (model.isA(type, "java.util.Collection")) {
            return "use a key for each element as {" + path + "[*]}";
        }
        if (model.isA(type, "java.lang.Iterable")
                || model.isA(type, "java.util.stream.BaseStream")
                || model.isA(type, "java.util.Iterator")) {
            return "pass a collection, and use a key for each element as {" + path + "[*]}";
        }
        if (model.isA(type, "java.util.Date")) {
            return "its text depends on the JVM's time zone: use java.time, or {" + path + ".time}";
        }
        if (model.isA(type, "java.util.Calendar")) {
            return "its text depends on the JVM's time zone: use java.time, or {" + path + ".timeInMillis}";
        }
        String component = component(type);
        return component == null ? null : "name a component, for example {" + path + "." + component + "}";
    }

    /** Whether no value can have it as its class. */
    private static boolean isAbstract(TypeMirror type) {
        return type instanceof DeclaredType declared
                && (TypeModel.isInterface(TypeModel.element(declared))
                        || TypeModel.element(declared).getModifiers().contains(Modifier.ABSTRACT));
    }

    /** The name of a record's first component; null for all other types. */
    private static String component(TypeMirror type) {
        return type instanceof DeclaredType declared
                ? TypeModel.element(declared).getRecordComponents().stream()
                        .findFirst()
                        .map(first -> first.getSimpleName().toString())
                        .orElse(null)
                : null;
    }

    /** Whether a map with keys of that type may have a text as key. */
    static boolean isNameable(String keys) {
        return NAMEABLE.contains(keys);
    }

    /** The reason for refusing a step into a map whose keys are not texts. */
    static String notNameable(String name, String keys) {
        return "looks up the text '" + name + "' in a map, but its keys are of type " + keys
                + "; pass the value, or a map with texts as keys";
    }

    /** The reason for refusing a step to a member that does not exist. */
    static String missing(String name, String type) {
        return "reads '" + name + "', but " + type + " has no method " + name + "() or get" + capitalized(name)
                + "() and no field " + name;
    }

    /** The reason for refusing a {@code [*]} on a type without elements. */
    static String notEach(boolean isMap, String type) {
        return isMap
                ? "uses [*] on a map, which could mean its keys or its values; pass its keySet() or values()"
                : "uses [*] on a " + type + ", which is neither a collection nor an array";
    }

    /** Whether a step can be the index of an element. */
    static boolean isIndex(String step) {
        return !step.isEmpty() && step.length() < 10 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The name as getters contain it. */
    static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
