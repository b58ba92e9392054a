package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks whether values of a declared type can be serialized, including the types of all nested values. A type that is
 * not known to be serializable is refused. {@link CallParameters} and {@link ResultCodec} check each type when a method
 * is registered.
 */
final class PayloadTypes {

    private final TypeFactory types;
    private final Set<JavaType> seen = new HashSet<>();
    private int depth;
    private boolean endless;

    PayloadTypes(TypeFactory types) {
        this.types = types;
    }

    /** @throws IllegalArgumentException whose message names the place, the type and the remedy */
    void check(JavaType type, String where) {
        checkNested(type, where);
        if (endless) {
            throw refusal(where, type.getRawClass(), PayloadKind.ENDLESS);
        }
    }

    private void checkNested(JavaType type, String where) {
        depth++;
        endless |= depth > PayloadKind.DEEPEST;
        if (!endless) {
            checkOne(type, where);
        }
        depth--;
    }

    private void checkOne(JavaType type, String where) {
        Class<?> raw = type.getRawClass();
        PayloadKind kind = PayloadKind.of(raw);
        if (kind == PayloadKind.VALUE || raw.isEnum() || !seen.add(type)) {
            return;
        }
        if (raw.isArray() || kind == PayloadKind.COLLECTION) {
            checkNested(type.getContentType(), where + "[]");
        } else if (kind == PayloadKind.MAP) {
            checkMapKey(type.getKeyType(), where);
            checkNested(type.getContentType(), where + "[]");
        } else if (kind == PayloadKind.OPTIONAL) {
            checkNested(type.containedTypeOrUnknown(0), where);
        } else if (SealedTypes.is(raw)) {
            checkSealed(type, where);
        } else if (isPlatform(raw)) {
            throw refusal(where, raw, PayloadKind.remedy(raw));
        } else if (raw.isInterface() || Modifier.isAbstract(raw.getModifiers())) {
            throw refusal(where, raw, PayloadKind.OPEN);
        } else if (raw.isRecord()) {
            for (RecordComponent component : raw.getRecordComponents()) {
                checkNested(member(component.getGenericType(), type), where + "." + component.getName());
            }
        } else {
            checkObject(type, where);
        }
    }

    static boolean isPlatform(Class<?> raw) {
        ClassLoader loader = raw.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private void checkMapKey(JavaType key, String where) {
        Class<?> raw = key.getRawClass();
        if (!raw.isEnum() && PayloadKind.of(raw) != PayloadKind.VALUE) {
            throw refusal(where + "'s keys", raw, PayloadKind.MAP_KEY);
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
                throw refusal(where, permitted, "it has the same simple name as " + other.getName() + ": rename one");
            }
            checkNested(types.constructSpecializedType(type, permitted), where);
        }
    }

    private void checkObject(JavaType type, String where) {
        Class<?> raw = type.getRawClass();
        if (Throwable.class.isAssignableFrom(raw)
                || Map.class.isAssignableFrom(raw)
                || Iterable.class.isAssignableFrom(raw)) {
            throw refusal(where, raw, PayloadKind.UNFIT);
        }
        if (raw.isAnonymousClass()
                || raw.isLocalClass()
                || raw.isMemberClass() && !Modifier.isStatic(raw.getModifiers())) {
            throw refusal(where, raw, "it belongs to an enclosing object: make it static or a record");
        }
        try {
            raw.getDeclaredConstructor();
        } catch (NoSuchMethodException e) {
            throw refusal(where, raw, PayloadKind.NO_CONSTRUCTOR);
        }
        for (JavaType at = type; at != null && at.getRawClass() != Object.class; at = at.getSuperClass()) {
            for (Field field : at.getRawClass().getDeclaredFields()) {
                if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                    checkNested(member(field.getGenericType(), at), where + "." + field.getName());
                }
            }
        }
    }

    private JavaType member(Type declared, JavaType owner) {
        return types.resolveMemberType(declared, owner.getBindings());
    }

    private static IllegalArgumentException refusal(String where, Class<?> type, String remedy) {
        return new IllegalArgumentException(PayloadKind.refusal(where, type.getName(), remedy));
    }
}
