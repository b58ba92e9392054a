package io.floodlock.runtime.queue.payload;

import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The form in which a JDK type is serialized in a stored call. It also has the remedies that messages give for types
 * that can't be serialized. {@link PayloadTypes} checks declared types by it; the weaver uses it through
 * {@code TypeRules}.
 */
public enum PayloadKind {

    /** As a single value. */
    VALUE,

    /** As a list of its elements. */
    COLLECTION,

    /** As a map of its keys and values. */
    MAP,

    /** As its value, or as null. */
    OPTIONAL,

    /** Not at all, or the type belongs to the application. */
    NONE;

    /** For an interface or an abstract class. */
    public static final String OPEN = "its subclasses are unknown: use a record, or make it sealed";

    /** For an exception, or a collection class of the application. */
    public static final String UNFIT = "use a record, or one of the JDK's collections";

    /** For a type that is nested deeper than this, as a {@code Node<T>} that contains a {@code Node<List<T>>}. */
    public static final String ENDLESS =
            "it contains ever larger types of its own: use one that contains itself as it is";

    /** The deepest nesting that has an end. */
    public static final int DEEPEST = 200;

    /** For a class without a constructor that takes no parameters. */
    public static final String NO_CONSTRUCTOR = "use a record, or give it a constructor without parameters";

    /** For the keys of a map. */
    public static final String MAP_KEY = "use a text, a number, an id or an enum";

    private static final Set<Class<?>> VALUES = Set.of(
            String.class,
            Boolean.class,
            Byte.class,
            Short.class,
            Character.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Void.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            URI.class,
            Locale.class,
            Currency.class,
            ZoneId.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class);

    private static final Set<Class<?>> COLLECTIONS = Set.of(
            Collection.class,
            List.class,
            Set.class,
            SortedSet.class,
            NavigableSet.class,
            Queue.class,
            Deque.class,
            ArrayList.class,
            LinkedList.class,
            ArrayDeque.class,
            HashSet.class,
            LinkedHashSet.class,
            TreeSet.class,
            EnumSet.class);

    private static final Set<Class<?>> MAPS = Set.of(
            Map.class,
            SortedMap.class,
            NavigableMap.class,
            HashMap.class,
            LinkedHashMap.class,
            TreeMap.class,
            ConcurrentHashMap.class,
            EnumMap.class);

    /** @param raw a class of the JDK; any other class gives {@link #NONE} */
    public static PayloadKind of(Class<?> raw) {
        if (raw.isPrimitive()
                || VALUES.contains(raw)
                || raw.getName().startsWith("java.time.") && Modifier.isFinal(raw.getModifiers())) {
            return VALUE;
        }
        if (COLLECTIONS.contains(raw)) {
            return COLLECTION;
        }
        if (MAPS.contains(raw)) {
            return MAP;
        }
        return raw == Optional.class ? OPTIONAL : NONE;
    }

    /** The replacement for a type of the JDK that can't be serialized. */
    public static String remedy(Class<?> raw) {
        if (Date.class.isAssignableFrom(raw) || Calendar.class.isAssignableFrom(raw)) {
            return "use a type of java.time, as Instant";
        }
        if (Path.class.isAssignableFrom(raw) || raw == java.io.File.class || raw == URL.class) {
            return "pass its text, or a java.net.URI";
        }
        return "pass its content or an id";
    }

    /** @param where the parameter, followed by the path to the value within it */
    public static String refusal(String where, String type, String remedy) {
        return where + " is a " + type + ", which can't be serialized; " + remedy;
    }
}
