package io.floodlock.runtime.key;

import java.util.Locale;
import java.util.Set;

/**
 * Decides by a type whether its values can be parts of keys. If the declared type is {@code Object} or an interface,
 * the value decides at the call. Types are given by name, so a class file is enough: the weaver checks declared types
 * with it, {@link KeyValue} the classes of values. See {@link CanonicalText} for the types. Thread-safe.
 */
public final class KeyTypes {

    static final String KEY_TEXT = "io.floodlock.KeyText";

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

    /** The required properties of a type. */
    public interface Type {

        /** Its binary name; any text for an array. */
        String name();

        boolean isArray();

        /** Whether no value can have it as its class: an interface or an abstract class. */
        boolean isAbstract();

        /** Whether it is that type or a subtype of it. */
        boolean isA(String name);

        /** The name of a record's first component; null for all other types. */
        String component();
    }

    private KeyTypes() {}

    /**
     * @param path without braces, for the remedy
     * @return null if values of the type may be parts of a key; otherwise the reason and what to write instead, in
     *     words that continue the path's text
     */
    public static String refusal(Type type, String path) {
        String name = type.name();
        if (type.isArray()) {
            return "is an array; name an element as {" + path + "[0]}, or use a key for each as {" + path + "[*]}";
        }
        if (FLOATING.contains(name)) {
            return "is a floating-point number (" + name + "), and equal numbers can have different texts;"
                    + " use a BigDecimal or an integer";
        }
        if (PLAIN.contains(name)
                || TIMES.contains(name)
                || type.isA(KEY_TEXT)
                || type.isA("java.lang.Enum")
                || type.isA("java.lang.CharSequence")
                || type.isA("java.time.ZoneId")) {
            return null;
        }
        String remedy = remedy(type, path);
        if (remedy == null) {
            return type.isAbstract()
                    ? null
                    : "is a " + name + ", which has no text for a key: equal values may print differently;"
                            + " name the part that identifies it, for example {" + path
                            + ".id}, or let it implement " + KEY_TEXT;
        }
        return "is a " + name + "; " + remedy;
    }

    /** What to write instead of a value of the type; null if it is of no known kind. */
    private static String remedy(Type type, String path) {
        if (OPTIONAL.contains(type.name())) {
            return "name its content as {" + path + ".get}";
        }
        if (type.isA("java.util.Map")) {
            return "name one of its keys, for example {" + path + "[name]}";
        }
        if (type.isA("java.nio.file.Path")) {
            return "pass its text";
        }
        if (type.isA("java.util.Collection")) {
            return "use a key for each element as {" + path + "[*]}";
        }
        if (type.isA("java.lang.Iterable")
                || type.isA("java.util.stream.BaseStream")
                || type.isA("java.util.Iterator")) {
            return "pass a collection, and use a key for each element as {" + path + "[*]}";
        }
        if (type.isA("java.util.Date")) {
            return "its text depends on the JVM's time zone: use java.time, or {" + path + ".time}";
        }
        if (type.isA("java.util.Calendar")) {
            return "its text depends on the JVM's time zone: use java.time, or {" + path + ".timeInMillis}";
        }
        return type.component() == null
                ? null
                : "name a component, for example {" + path + "." + type.component() + "}";
    }

    /** Whether a map with keys of that type may have a text as key. */
    public static boolean isNameable(String keys) {
        return NAMEABLE.contains(keys);
    }

    /** The reason for refusing a step into a map whose keys are not texts. */
    public static String notNameable(String name, String keys) {
        return "looks up the text '" + name + "' in a map, but its keys are of type " + keys
                + "; pass the value, or a map with texts as keys";
    }

    /** The reason for refusing a step to a member that does not exist. */
    public static String missing(String name, String type) {
        return "reads '" + name + "', but " + type + " has no method " + name + "() or get" + capitalized(name)
                + "() and no field " + name;
    }

    /** The reason for refusing a {@code [*]} on a type without elements. */
    public static String notEach(boolean isMap, String type) {
        return isMap
                ? "uses [*] on a map, which could mean its keys or its values; pass its keySet() or values()"
                : "uses [*] on a " + type + ", which is neither a collection nor an array";
    }

    public static boolean isPrimitive(String name) {
        return name.indexOf('.') < 0 && (PLAIN.contains(name) || FLOATING.contains(name));
    }

    /** Whether a step can be the index of an element. */
    public static boolean isIndex(String step) {
        return !step.isEmpty() && step.length() < 10 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The name as getters contain it. */
    public static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    static boolean isTime(String name) {
        return TIMES.contains(name);
    }

    /** The supertype of that name, possibly the class itself; null if there is none. */
    static Class<?> supertype(Class<?> type, String name) {
        if (type == null || type.getName().equals(name)) {
            return type;
        }
        for (Class<?> parent : type.getInterfaces()) {
            Class<?> found = supertype(parent, name);
            if (found != null) {
                return found;
            }
        }
        return supertype(type.getSuperclass(), name);
    }

    /** The type of a loaded class. */
    record Loaded(Class<?> type) implements Type {

        @Override
        public String name() {
            return type.getName();
        }

        @Override
        public boolean isArray() {
            return type.isArray();
        }

        @Override
        public boolean isAbstract() {
            return java.lang.reflect.Modifier.isAbstract(type.getModifiers());
        }

        @Override
        public boolean isA(String name) {
            return supertype(type, name) != null;
        }

        @Override
        public String component() {
            return type.isRecord() && type.getRecordComponents().length > 0
                    ? type.getRecordComponents()[0].getName()
                    : null;
        }
    }
}
