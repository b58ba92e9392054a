package io.floodlock.runtime.key;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Resolves each step of a path to a method handle, by the declared types. In a map a step is the value of that key,
 * in a list the element. In any other type a step {@code id} is the accessor {@code id()}, {@code getId()} or
 * {@code isId()}, or the field {@code id}, in this order.
 *
 * <p>It uses declared types because the path is then checked once for all calls. It follows the type arguments of a
 * parameter ({@code List<Item>}) too. {@link KeyTemplate#bind} calls it; {@link KeyValue} is the result.
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
        String where = "key \"" + template + "\": {" + path.text() + "} ";
        MethodHandle[] steps = new MethodHandle[path.steps().size()];
        for (int i = 0; i < steps.length; i++) {
            String name = path.steps().get(i);
            if (path.isEach(i)) {
                type = element(type, where);
            } else {
                Step step = step(caller, type, name, where);
                steps[i] = step.handle().asType(methodType(Object.class, Object.class));
                type = step.type();
            }
        }
        String refusal = KeyTypes.refusal(new KeyTypes.Loaded(Generics.erase(type)), path.text());
        if (refusal != null) {
            throw new IllegalArgumentException(where + refusal);
        }
        return new KeyValue(template, path, parameter, steps);
    }

    private record Step(MethodHandle handle, Type type) {}

    private static Type element(Type type, String where) {
        Class<?> raw = Generics.erase(type);
        if (raw.isArray()) {
            return raw.getComponentType();
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return Generics.argument(type, Collection.class, 0);
        }
        throw new IllegalArgumentException(where + KeyTypes.notEach(Map.class.isAssignableFrom(raw), raw.getName()));
    }

    private static Step step(MethodHandles.Lookup caller, Type type, String name, String where) {
        Class<?> raw = Generics.erase(type);
        boolean isIndex = KeyTypes.isIndex(name);
        if (Map.class.isAssignableFrom(raw)) {
            String keys = Generics.erase(Generics.argument(type, Map.class, 0)).getName();
            if (!KeyTypes.isNameable(keys)) {
                throw new IllegalArgumentException(where + KeyTypes.notNameable(name, keys));
            }
            return new Step(MethodHandles.insertArguments(MAP_GET, 1, name), Generics.argument(type, Map.class, 1));
        }
        if (isIndex && List.class.isAssignableFrom(raw)) {
            return new Step(
                    MethodHandles.insertArguments(LIST_GET, 1, Integer.parseInt(name)),
                    Generics.argument(type, List.class, 0));
        }
        if (isIndex && raw.isArray()) {
            MethodHandle element = MethodHandles.arrayElementGetter(raw);
            return new Step(MethodHandles.insertArguments(element, 1, Integer.parseInt(name)), raw.getComponentType());
        }
        Member member = member(raw, name);
        if (member == null) {
            throw new IllegalArgumentException(where + KeyTypes.missing(name, raw.getName()));
        }
        Type declared =
                member instanceof Method getter ? getter.getGenericReturnType() : ((Field) member).getGenericType();
        Type next = Generics.member(declared, type, member.getDeclaringClass());
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(member.getDeclaringClass(), caller);
            return new Step(
                    member instanceof Method getter ? lookup.unreflect(getter) : lookup.unreflectGetter((Field) member),
                    next);
        } catch (IllegalAccessException e) {
            return new Step(publicStep(member, name, where, e), next);
        }
    }

    /** A member in a package that its module does not open may still be public, as the getters of JDK classes are. */
    private static MethodHandle publicStep(Member member, String name, String where, IllegalAccessException denied) {
        try {
            if (member instanceof Method getter) {
                return MethodHandles.publicLookup().unreflect(getter);
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
        for (String method : List.of(name, "get" + KeyTypes.capitalized(name), "is" + KeyTypes.capitalized(name))) {
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
}
