package io.floodlock.runtime.queue;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
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
 * The closed world: says of a declared type, all the way down, whether values of it can travel. Whatever is not known to
 * travel does not.
 */
final class PayloadTypes {

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

    private final TypeFactory types;
    private final Set<JavaType> seen = new HashSet<>();

    PayloadTypes(TypeFactory types) {
        this.types = types;
    }

    /** @throws IllegalArgumentException naming the place, the type and what to use instead */
    void check(JavaType type, String where) {
        Class<?> raw = type.getRawClass();
        if (raw.isPrimitive() || raw.isEnum() || isValue(raw) || !seen.add(type)) {
            return;
        }
        if (raw.isArray()) {
            check(type.getContentType(), where + "[]");
        } else if (COLLECTIONS.contains(raw)) {
            check(type.getContentType(), where + "[]");
        } else if (MAPS.contains(raw)) {
            checkMapKey(type.getKeyType(), where);
            check(type.getContentType(), where + "[]");
        } else if (raw == Optional.class) {
            check(type.containedTypeOrUnknown(0), where);
        } else if (SealedTypes.is(raw)) {
            checkSealed(type, where);
        } else if (isPlatform(raw)) {
            throw refusal(where, raw, "pass its content or an id");
        } else if (raw.isInterface() || Modifier.isAbstract(raw.getModifiers())) {
            throw refusal(where, raw, "it doesn't say which classes there are: use a record, or make it sealed");
        } else if (raw.isRecord()) {
            for (RecordComponent component : raw.getRecordComponents()) {
                check(member(component.getGenericType(), type), where + "." + component.getName());
            }
        } else {
            checkObject(type, where);
        }
    }

    private static boolean isValue(Class<?> raw) {
        return VALUES.contains(raw) || raw.getName().startsWith("java.time.") && Modifier.isFinal(raw.getModifiers());
    }

    static boolean isPlatform(Class<?> raw) {
        ClassLoader loader = raw.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private void checkMapKey(JavaType key, String where) {
        Class<?> raw = key.getRawClass();
        if (!raw.isEnum() && !isValue(raw)) {
            throw refusal(where + "'s keys", raw, "use a text, a number, an id or an enum");
        }
    }

    private void checkSealed(JavaType type, String where) {
        Map<String, Class<?>> names = new HashMap<>();
        for (Class<?> permitted : SealedTypes.permitted(type.getRawClass())) {
            if (!Modifier.isFinal(permitted.getModifiers())) {
                throw refusal(where, permitted, "it is open to subclasses: make it a record or final");
            }
            Class<?> other = names.put(permitted.getSimpleName(), permitted);
            if (other != null) {
                throw refusal(where, permitted, "its simple name is also that of " + other.getName() + ": rename one");
            }
            check(types.constructSpecializedType(type, permitted), where);
        }
    }

    private void checkObject(JavaType type, String where) {
        Class<?> raw = type.getRawClass();
        if (Throwable.class.isAssignableFrom(raw)
                || Map.class.isAssignableFrom(raw)
                || Iterable.class.isAssignableFrom(raw)) {
            throw refusal(where, raw, "use a record, or one of the JDK's collections");
        }
        if (raw.isAnonymousClass()
                || raw.isLocalClass()
                || raw.isMemberClass() && !Modifier.isStatic(raw.getModifiers())) {
            throw refusal(where, raw, "it belongs to an object around it: make it static or a record");
        }
        try {
            raw.getDeclaredConstructor();
        } catch (NoSuchMethodException e) {
            throw refusal(where, raw, "use a record, or give it a constructor without parameters");
        }
        for (JavaType at = type; at != null && at.getRawClass() != Object.class; at = at.getSuperClass()) {
            for (Field field : at.getRawClass().getDeclaredFields()) {
                if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                    check(member(field.getGenericType(), at), where + "." + field.getName());
                }
            }
        }
    }

    private JavaType member(Type declared, JavaType owner) {
        return types.resolveMemberType(declared, owner.getBindings());
    }

    private static IllegalArgumentException refusal(String where, Class<?> type, String remedy) {
        return new IllegalArgumentException(where + " is a " + type.getName() + ", which can't travel; " + remedy);
    }
}
