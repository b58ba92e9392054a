package io.floodlock.runtime.key;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds what each step of a path means, by the declared types: of a map its value under that key, of a list its element, of
 * anything else the accessor {@code id()}, {@code getId()} or {@code isId()}, or the field {@code id}, in this order.
 *
 * <p>Declared types, because the path is then checked once for all calls; the type arguments of a parameter
 * ({@code List<Item>}) are followed too.
 */
final class PathBinder {

    private static final MethodHandle LIST_GET;
    private static final MethodHandle MAP_GET;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            LIST_GET = lookup.findVirtual(List.class, "get", methodType(Object.class, int.class));
            MAP_GET = lookup.findVirtual(Map.class, "get", methodType(Object.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private PathBinder() {}

    static KeyValue bind(MethodHandles.Lookup caller, Method method, int parameter, KeyPath path, String template) {
        Type type = parameter < 0 ? method.getDeclaringClass() : method.getGenericParameterTypes()[parameter];
        List<MethodHandle> steps = new ArrayList<>();
        for (String name : path.steps()) {
            Step step = step(caller, type, name, "key \"" + template + "\": {" + path.text() + "} ");
            steps.add(step.handle().asType(methodType(Object.class, Object.class)));
            type = step.type();
        }
        Class<?> last = erase(type);
        if (last.isArray()) {
            throw new IllegalArgumentException("key \"" + template + "\": {" + path.text()
                    + "} is an array; name an element, as {" + path.text() + "[0]}");
        }
        return new KeyValue(template, path, parameter, steps.toArray(MethodHandle[]::new));
    }

    private record Step(MethodHandle handle, Type type) {}

    private static Step step(MethodHandles.Lookup caller, Type type, String name, String where) {
        Class<?> raw = erase(type);
        boolean isIndex = !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        if (Map.class.isAssignableFrom(raw)) {
            return new Step(MethodHandles.insertArguments(MAP_GET, 1, name), argument(type, 1));
        }
        if (isIndex && List.class.isAssignableFrom(raw)) {
            return new Step(MethodHandles.insertArguments(LIST_GET, 1, Integer.parseInt(name)), argument(type, 0));
        }
        if (isIndex && raw.isArray()) {
            MethodHandle element = MethodHandles.arrayElementGetter(raw);
            return new Step(MethodHandles.insertArguments(element, 1, Integer.parseInt(name)), raw.getComponentType());
        }
        Member member = member(raw, name);
        if (member == null) {
            throw new IllegalArgumentException(where + "asks for '" + name + "', but " + raw.getName()
                    + " has no method " + name + "() or get" + capitalized(name) + "() and no field " + name);
        }
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(member.getDeclaringClass(), caller);
            return member instanceof Method getter
                    ? new Step(lookup.unreflect(getter), getter.getGenericReturnType())
                    : new Step(lookup.unreflectGetter((Field) member), ((Field) member).getGenericType());
        } catch (IllegalAccessException e) {
            return publicStep(member, name, where, e);
        }
    }

    /** What a module does not open may still be public, as the getters of JDK classes are. */
    private static Step publicStep(Member member, String name, String where, IllegalAccessException denied) {
        try {
            if (member instanceof Method getter) {
                return new Step(MethodHandles.publicLookup().unreflect(getter), getter.getGenericReturnType());
            }
        } catch (IllegalAccessException e) {
            denied.addSuppressed(e);
        }
        throw new IllegalArgumentException(
                where + "may not read '" + name + "' of "
                        + member.getDeclaringClass().getName() + ": its module does not open the package",
                denied);
    }

    private static Member member(Class<?> type, String name) {
        for (String method : List.of(name, "get" + capitalized(name), "is" + capitalized(name))) {
            Method getter = getter(type, method);
            if (getter != null) {
                return getter;
            }
        }
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name) && !Modifier.isStatic(field.getModifiers())) {
                    return field;
                }
            }
        }
        return null;
    }

    private static Method getter(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                if (isGetter(method, name)) {
                    return method;
                }
            }
        }
        for (Method method : type.getMethods()) {
            if (isGetter(method, name)) {
                return method;
            }
        }
        return null;
    }

    private static boolean isGetter(Method method, String name) {
        return method.getName().equals(name)
                && method.getParameterCount() == 0
                && method.getReturnType() != void.class
                && !Modifier.isStatic(method.getModifiers())
                && !method.isBridge();
    }

    private static Class<?> erase(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        }
        if (type instanceof ParameterizedType parameterized) {
            return (Class<?>) parameterized.getRawType();
        }
        if (type instanceof TypeVariable<?> variable) {
            return erase(variable.getBounds()[0]);
        }
        if (type instanceof WildcardType wildcard) {
            return erase(wildcard.getUpperBounds()[0]);
        }
        return Object[].class;
    }

    /** The type argument of a plain {@code List<..>} or {@code Map<.., ..>}; of any other container the element is unknown. */
    private static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType parameterized && parameterized.getActualTypeArguments().length > index) {
            return parameterized.getActualTypeArguments()[index];
        }
        return Object.class;
    }

    private static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
