package io.floodlock.runtime.queue.payload;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallOutcome;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes an exception that a body threw, and recreates it in the JVM of the caller; {@code QueueSite} has one for its
 * method. The recreated exception has one of the classes that the method declares, or of the JDK's in
 * {@link JdkExceptions}. A class name in a result only selects one of these; no class is loaded by name. Thread-safe.
 */
public final class ExceptionCodec {

    /*
     * The class that travels is the first of these, from the exception's own class upwards:
     *   - a class that the method declares, if it has a constructor for a message or without parameters;
     *   - the exception's own class, if it is an unchecked one of the JDK;
     *   - a class of the JDK's list that a declared class covers: "throws Exception" covers all of them, and by it an
     *     IOException must not become a plain Exception.
     * An exception without such a class travels as data: the caller receives a RemoteBodyException that names it.
     */

    private final String site;
    private final List<Class<?>> declared;
    private final Map<String, MethodHandle> makers = new HashMap<>();

    public ExceptionCodec(Method method, MethodHandles.Lookup lookup) {
        this.site = method.getDeclaringClass().getName() + "." + method.getName();
        this.declared = List.of(method.getExceptionTypes());
        for (Class<?> type : declared) {
            MethodHandle maker = maker(type, lookup);
            if (maker != null) {
                makers.put(type.getName(), maker);
            }
        }
    }

    /** Takes the message; null if the class has no constructor that can be used. */
    private static MethodHandle maker(Class<?> type, MethodHandles.Lookup lookup) {
        try {
            return lookup.findConstructor(type, MethodType.methodType(void.class, String.class));
        } catch (ReflectiveOperationException noSuchConstructor) {
            try {
                MethodHandle plain = lookup.findConstructor(type, MethodType.methodType(void.class));
                return MethodHandles.dropArguments(plain, 0, String.class);
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }
    }

    public CallOutcome outcome(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            String name = type.getName();
            boolean own = type == thrown.getClass();
            if (makers.containsKey(name)
                    || own && JdkExceptions.travels(name)
                    || JdkExceptions.travelsIfCovered(name) && isCovered(type)) {
                String message = ExceptionText.message(thrown);
                return CallOutcome.thrown(
                        name, own ? message : thrown.getClass().getName() + ": " + message);
            }
        }
        return CallOutcome.thrown(thrown.getClass().getName(), ExceptionText.message(thrown));
    }

    private boolean isCovered(Class<?> type) {
        return declared.stream().anyMatch(wide -> wide.isAssignableFrom(type));
    }

    /** The exception that completes the future of the caller. */
    public Throwable rebuild(CallOutcome outcome) {
        Throwable made = make(outcome.className(), outcome.message());
        return made != null
                ? made
                : Failure.REMOTE_BODY.because(site + " threw " + outcome.className() + ": " + outcome.message()
                        + "; to receive the exception itself, declare it in the method's throws clause");
    }

    private Throwable make(String className, String message) {
        MethodHandle maker = makers.get(className);
        if (maker != null) {
            try {
                return (Throwable) maker.invoke(message);
            } catch (Throwable e) {
                return null;
            }
        }
        Throwable made = JdkExceptions.make(className, message);
        // another version of the method may declare more
        return made == null || JdkExceptions.travels(className) || isCovered(made.getClass()) ? made : null;
    }
}
