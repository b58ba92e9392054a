package io.floodlock.runtime.key;

import java.util.Locale;
import java.util.Set;

/**
 * Says of a type whether its values can be parts of keys, as far as the type tells: a declared {@code Object} or interface
 * leaves it to the value. Types are known by name, so that a class file is enough. See {@link CanonicalText}.
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

    /** What is to be known of a type. */
    public interface Type {

        /** Its binary name; of an array anything. */
        String name();

        boolean isArray();

        /** Whether it can't be the class of a value: an interface, or abstract. */
        boolean isAbstract();

        /** Whether it is that type, or below it. */
        boolean isA(String name);

        /** The name of a record's first component; null for all others. */
        String component();
    }

    private KeyTypes() {}

    /**
     * @param path without braces, for the remedy
     * @return null where values of the type may be parts of a key; else what the path is, and what to write instead
     */
    public static String refusal(Type type, String path) {
        String name = type.name();
        if (type.isArray()) {
            return "is an array; name an element, as {" + path + "[0]}, or take a key for each, as {" + path + "[*]}";
        }
        if (FLOATING.contains(name)) {
            return "is a floating-point number (" + name + "), and equal ones have several texts;"
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
                    : "is a " + name + ", which has no text for a key: an equal one may print otherwise;"
                            + " name the part that tells it from others, as {" + path + ".id}, or let it implement "
                            + KEY_TEXT;
        }
        return "is a " + name + "; " + remedy;
    }

    /** Null for a type of no known kind. */
    private static String remedy(Type type, String path) {
        if (OPTIONAL.contains(type.name())) {
            return "name what it holds, as {" + path + ".get}";
        }
        if (type.isA("java.util.Map")) {
            return "name one of its keys, as {" + path + "[name]}";
        }
        if (type.isA("java.nio.file.Path")) {
            return "pass its text";
        }
        if (type.isA("java.util.Collection")) {
            return "take a key for each element, as {" + path + "[*]}";
        }
        if (type.isA("java.lang.Iterable")
                || type.isA("java.util.stream.BaseStream")
                || type.isA("java.util.Iterator")) {
            return "pass a collection, and take a key for each element, as {" + path + "[*]}";
        }
        if (type.isA("java.util.Date")) {
            return "its text depends on the JVM's time zone: use java.time, or {" + path + ".time}";
        }
        if (type.isA("java.util.Calendar")) {
            return "its text depends on the JVM's time zone: use java.time, or {" + path + ".timeInMillis}";
        }
        return type.component() == null ? null : "name a component, as {" + path + "." + type.component() + "}";
    }

    /** Whether a map whose keys are of that type may have one that is a text. */
    public static boolean isNameable(String keys) {
        return NAMEABLE.contains(keys);
    }

    /** Of a step into a map whose keys are no texts. */
    public static String notNameable(String name, String keys) {
        return "asks a map for the text '" + name + "', but its keys are of type " + keys
                + "; pass the value, or a map by text";
    }

    /** Of a step that leads nowhere. */
    public static String missing(String name, String type) {
        return "asks for '" + name + "', but " + type + " has no method " + name + "() or get" + capitalized(name)
                + "() and no field " + name;
    }

    /** Of a {@code [*]} on what has no elements. */
    public static String notEach(boolean isMap, String type) {
        return isMap
                ? "takes [*] of a map, which leaves open whether of its keys or its values; pass its keySet() or values()"
                : "takes [*] of a " + type + ", which is neither a collection nor an array";
    }

    public static boolean isPrimitive(String name) {
        return name.indexOf('.') < 0 && (PLAIN.contains(name) || FLOATING.contains(name));
    }

    /** Whether a step may be the index of an element. */
    public static boolean isIndex(String step) {
        return !step.isEmpty() && step.length() < 10 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** As getters have it. */
    public static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    static boolean isTime(String name) {
        return TIMES.contains(name);
    }

    /** The supertype of that name, which may be the class itself; null where there is none. */
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

    /** A class that is there. */
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
