package io.floodlock.runtime.call.spec;

import io.floodlock.runtime.key.KeyTypes;
import io.floodlock.runtime.queue.payload.PayloadKind;

/**
 * Gives the weaver the rules about types in keys and in stored calls, with the messages that refuse a type. The weaver
 * knows types by their class files only. {@link KeyTypes} and {@link PayloadKind} contain the rules.
 */
public final class TypeRules {

    /** The properties that must be known of the type at the end of a path. */
    public interface Type extends KeyTypes.Type {}

    private TypeRules() {}

    /** {@link KeyTypes#refusal}. */
    public static String key(Type type, String path) {
        return KeyTypes.refusal(type, path);
    }

    public static boolean isPrimitive(String name) {
        return KeyTypes.isPrimitive(name);
    }

    public static boolean isIndex(String step) {
        return KeyTypes.isIndex(step);
    }

    public static boolean isNameable(String keys) {
        return KeyTypes.isNameable(keys);
    }

    public static String capitalized(String name) {
        return KeyTypes.capitalized(name);
    }

    public static String missing(String name, String type) {
        return KeyTypes.missing(name, type);
    }

    public static String notEach(boolean isMap, String type) {
        return KeyTypes.notEach(isMap, type);
    }

    public static String notNameable(String name, String keys) {
        return KeyTypes.notNameable(name, keys);
    }

    /** The name of the {@link PayloadKind} of a JDK type. */
    public static String payload(Class<?> raw) {
        return PayloadKind.of(raw).name();
    }

    /** The refusal of a JDK type whose values can't be stored in a call. */
    public static String unfit(String where, Class<?> raw) {
        return PayloadKind.refusal(where, raw.getName(), PayloadKind.remedy(raw));
    }

    public static String open(String where, String type) {
        return PayloadKind.refusal(where, type, PayloadKind.OPEN);
    }

    public static String container(String where, String type) {
        return PayloadKind.refusal(where, type, PayloadKind.UNFIT);
    }

    public static String withoutConstructor(String where, String type) {
        return PayloadKind.refusal(where, type, PayloadKind.NO_CONSTRUCTOR);
    }

    /** The deepest nesting of types whose values can be stored in a call. */
    public static int deepest() {
        return PayloadKind.DEEPEST;
    }

    public static String endless(String where, String type) {
        return PayloadKind.refusal(where, type, PayloadKind.ENDLESS);
    }

    public static String mapKey(String where, String type) {
        return PayloadKind.refusal(where + "'s keys", type, PayloadKind.MAP_KEY);
    }
}
