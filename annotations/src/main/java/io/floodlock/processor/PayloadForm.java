package io.floodlock.processor;

import java.io.File;
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
 * The form in which a type of the JDK travels in a stored call, and the remedies for types that can't travel. The
 * agent has the same lists, because neither may depend on the other; a test compares both.
 */
enum PayloadForm {
    VALUE,
    COLLECTION,
    MAP,
    OPTIONAL,

    /** The type can't travel, or it belongs to the application. */
    NONE;

    static final String OPEN = "its subclasses are unknown: use a record, or make it sealed";
    static final String UNFIT = "use a record, or one of the JDK's collections";
    static final String NO_CONSTRUCTOR = "use a record, or give it a constructor without parameters";
    static final String MAP_KEY = "use a text, a number, an id or an enum";
    static final String ENCLOSED = "it belongs to an enclosing object: make it static or a record";
    static final String OPEN_PERMITTED = "it is open to subclasses: make it a record or final";

    static final String ENDLESS = "it contains ever larger types of its own: use one that contains itself as it is";

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

    /** @param platform a class of the JDK; null for a class of the application */
    static PayloadForm of(Class<?> platform) {
        if (platform == null) {
            return NONE;
        }
        boolean time = platform.getName().startsWith("java.time.") && Modifier.isFinal(platform.getModifiers());
        if (time || VALUES.contains(platform)) {
            return VALUE;
        }
        if (COLLECTIONS.contains(platform)) {
            return COLLECTION;
        }
        if (MAPS.contains(platform)) {
            return MAP;
        }
        return platform == Optional.class ? OPTIONAL : NONE;
    }

    /** The replacement for a class of the JDK that can't travel. */
    static String remedy(Class<?> platform) {
        if (Date.class.isAssignableFrom(platform) || Calendar.class.isAssignableFrom(platform)) {
            return "use a type of java.time, as Instant";
        }
        if (Path.class.isAssignableFrom(platform) || platform == File.class || platform == URL.class) {
            return "pass its text, or a java.net.URI";
        }
        return "pass its content or an id";
    }
}
