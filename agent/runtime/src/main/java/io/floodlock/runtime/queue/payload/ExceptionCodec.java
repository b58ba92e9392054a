package io.floodlock.runtime.queue.payload;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallOutcome;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.DateTimeException;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * Encodes an exception that a body threw, and recreates it in the JVM of the caller; {@code QueueSite} has one for its
 * method. The recreated exception has one of the classes that the method declares, or of the JDK's unchecked
 * exceptions. A class name in a result only selects one of these; no class is loaded by name. Thread-safe.
 */
public final class ExceptionCodec {

    private static final Map<String, Function<String, Throwable>> UNCHECKED = new HashMap<>();

    static {
        known(IllegalArgumentException.class, IllegalArgumentException::new);
        known(IllegalStateException.class, IllegalStateException::new);
        known(NullPointerException.class, NullPointerException::new);
        known(UnsupportedOperationException.class, UnsupportedOperationException::new);
        known(IndexOutOfBoundsException.class, IndexOutOfBoundsException::new);
        known(ArrayIndexOutOfBoundsException.class, ArrayIndexOutOfBoundsException::new);
        known(StringIndexOutOfBoundsException.class, StringIndexOutOfBoundsException::new);
        known(ArithmeticException.class, ArithmeticException::new);
        known(ArrayStoreException.class, ArrayStoreException::new);
        known(ClassCastException.class, ClassCastException::new);
        known(NegativeArraySizeException.class, NegativeArraySizeException::new);
        known(NumberFormatException.class, NumberFormatException::new);
        known(NoSuchElementException.class, NoSuchElementException::new);
        known(ConcurrentModificationException.class, ConcurrentModificationException::new);
        known(DateTimeException.class, DateTimeException::new);
        known(SecurityException.class, SecurityException::new);
        known(RuntimeException.class, RuntimeException::new);
        known(UncheckedIOException.class, text -> new UncheckedIOException(text, new java.io.IOException(text)));
        known(AssertionError.class, AssertionError::new);
    }

    private final String site;
    private final Map<String, Class<?>> declared = new HashMap<>();
    private final MethodHandles.Lookup lookup;

    public ExceptionCodec(Method method, MethodHandles.Lookup lookup) {
        this.site = method.getDeclaringClass().getName() + "." + method.getName();
        this.lookup = lookup;
        for (Class<?> type : method.getExceptionTypes()) {
            declared.put(type.getName(), type);
        }
    }

    /**
     * Encodes an exception of the body, under the name of its closest declared class, else under that of its own class.
     */
    public CallOutcome outcome(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != Throwable.class && type != null; type = type.getSuperclass()) {
            if (declared.containsKey(type.getName())) {
                String message = type == thrown.getClass()
                        ? thrown.getMessage()
                        : thrown.getClass().getName() + ": " + thrown.getMessage();
                return new CallOutcome(CallOutcome.Kind.THROWN, new byte[0], type.getName(), message);
            }
        }
        return CallOutcome.thrown(thrown);
    }

    /** The exception that completes the future of the caller. */
    public Throwable rebuild(CallOutcome outcome) {
        Class<?> type = declared.get(outcome.className());
        if (type != null) {
            Throwable made = make(type, outcome.message());
            if (made != null) {
                return made;
            }
        }
        Function<String, Throwable> known = UNCHECKED.get(outcome.className());
        return known != null
                ? known.apply(outcome.message())
                : Failure.REMOTE_BODY.because(site + " threw " + outcome.className() + ": " + outcome.message()
                        + "; to receive the exception itself, declare it in the method's throws clause");
    }

    private Throwable make(Class<?> type, String message) {
        try {
            MethodHandle withMessage = lookup.findConstructor(type, MethodType.methodType(void.class, String.class));
            return (Throwable) withMessage.invoke(message);
        } catch (Throwable noSuchConstructor) {
            try {
                return (Throwable) lookup.findConstructor(type, MethodType.methodType(void.class))
                        .invoke();
            } catch (Throwable e) {
                return null;
            }
        }
    }

    private static <T extends Throwable> void known(Class<T> type, Function<String, Throwable> make) {
        UNCHECKED.put(type.getName(), make);
    }
}
