package io.floodlock.runtime.queue.method;

import io.floodlock.runtime.failure.Failure;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The method that runs several calls of a queued method together. It takes the calls as a list: of the parameter's
 * type, or of a record whose components are the parameters. {@link QueueSite} has one if its annotation names one.
 * Thread-safe.
 */
public final class BatchMethod {

    private final String name;
    private final Method method;
    private final BodyHandles handles;

    /** {@code (Object[])Object}: makes an element of a call's arguments. */
    private final MethodHandle element;

    /**
     * Finds and checks it.
     *
     * @param lookup the declaring class's own lookup
     * @param single the queued method
     * @param called the name of the batch method
     * @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if there is none that fits
     */
    public BatchMethod(MethodHandles.Lookup lookup, Method single, String called) {
        this.name = single.getDeclaringClass().getName() + "." + called;
        this.method = find(single, called);
        if (Modifier.isStatic(method.getModifiers()) != Modifier.isStatic(single.getModifiers())) {
            throw wrong(single, "one of the two is static and the other is not");
        }
        this.element = element(lookup, single, elementType(single));
        checkResult(single);
        this.handles = new BodyHandles(lookup, method);
    }

    Method method() {
        return method;
    }

    boolean isStatic() {
        return handles.isStatic();
    }

    /**
     * Runs the calls.
     *
     * @param calls the arguments of each
     * @return the result of each; all null if the method returns nothing
     */
    List<?> run(Target target, List<Object[]> calls) throws Throwable {
        List<Object> elements = new ArrayList<>(calls.size());
        for (Object[] arguments : calls) {
            elements.add(element.invoke(arguments));
        }
        Object returned = handles.invoke(target, new Object[] {elements});
        if (method.getReturnType() == void.class) {
            return Collections.nCopies(calls.size(), null);
        }
        if (!(returned instanceof List<?> results) || results.size() != calls.size()) {
            throw new IllegalStateException(name + " must return a list with one result for each of its " + calls.size()
                    + " calls, in their order, but returned "
                    + (returned instanceof List<?> other ? other.size() + " results" : String.valueOf(returned)));
        }
        return new ArrayList<>(results);
    }

    // ---- what fits

    private Method find(Method single, String called) {
        List<Method> found = Arrays.stream(single.getDeclaringClass().getDeclaredMethods())
                .filter(each -> each.getName().equals(called) && !each.isSynthetic())
                .filter(each -> Arrays.equals(each.getParameterTypes(), new Class<?>[] {List.class}))
                .toList();
        if (found.size() != 1) {
            throw wrong(
                    single,
                    "class " + single.getDeclaringClass().getName()
                            + " has no method of that name with a List as its only parameter");
        }
        return found.get(0);
    }

    private Type elementType(Method single) {
        return argumentOf(method.getGenericParameterTypes()[0], single, "its parameter needs a type: List<..>");
    }

    private Type argumentOf(Type generic, Method single, String problem) {
        if (generic instanceof ParameterizedType type) {
            return type.getActualTypeArguments()[0];
        }
        throw wrong(single, problem);
    }

    private MethodHandle element(MethodHandles.Lookup lookup, Method single, Type type) {
        Type[] parameters = single.getGenericParameterTypes();
        if (parameters.length == 1 && type.equals(boxed(parameters[0]))) {
            MethodHandle first = MethodHandles.arrayElementGetter(Object[].class);
            return MethodHandles.insertArguments(first, 1, 0);
        }
        if (type instanceof Class<?> made && made.isRecord() && Arrays.equals(components(made), parameters)) {
            Class<?>[] raw = single.getParameterTypes();
            try {
                return lookup.findConstructor(made, MethodType.methodType(void.class, raw))
                        .asType(MethodType.genericMethodType(raw.length))
                        .asSpreader(Object[].class, raw.length);
            } catch (ReflectiveOperationException e) {
                throw wrong(single, "the constructor of " + type.getTypeName() + " is not accessible");
            }
        }
        throw wrong(
                single,
                "its list holds " + type.getTypeName() + ", but it must hold "
                        + (parameters.length == 1 ? boxed(parameters[0]).getTypeName() + ", or " : "")
                        + "a record with the components ("
                        + Arrays.stream(parameters).map(Type::getTypeName).collect(Collectors.joining(", ")) + ")");
    }

    private static Type[] components(Class<?> made) {
        return Arrays.stream(made.getRecordComponents())
                .map(RecordComponent::getGenericType)
                .toArray(Type[]::new);
    }

    private static Type boxed(Type type) {
        return type instanceof Class<?> plain && plain.isPrimitive()
                ? MethodType.methodType(plain).wrap().returnType()
                : type;
    }

    private void checkResult(Method single) {
        Class<?> returned = method.getReturnType();
        Type result = single.getReturnType() == void.class
                ? Void.class
                : argumentOf(single.getGenericReturnType(), single, "the queued method's future needs a type");
        if (returned == void.class && result == Void.class) {
            return;
        }
        if (returned == List.class && single.getReturnType() != void.class) {
            Type each = argumentOf(method.getGenericReturnType(), single, "its result needs a type: List<..>");
            if (each.equals(result)) {
                return;
            }
        }
        throw wrong(
                single,
                "it returns " + method.getGenericReturnType().getTypeName() + ", but it must return "
                        + (result == Void.class
                                ? "void"
                                : "List<" + result.getTypeName() + ">, a result for each call"));
    }

    private RuntimeException wrong(Method single, String why) {
        return Failure.PAYLOAD.because(single.getDeclaringClass().getName() + "." + single.getName()
                + " names " + name.substring(name.lastIndexOf('.') + 1)
                + " as its batch method, but that method does not fit: " + why);
    }
}
