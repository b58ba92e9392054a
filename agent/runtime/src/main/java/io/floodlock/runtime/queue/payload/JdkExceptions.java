package io.floodlock.runtime.queue.payload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The JDK's exceptions that {@link ExceptionCodec} recreates in the JVM of the caller. The list is closed, so a name in
 * a result loads no class. Classes are found by name, as a runtime may lack modules, for example java.sql. Immutable.
 */
final class JdkExceptions {

    /** These are unchecked: a caller can catch them without a declaration. */
    private static final Map<String, Function<String, Throwable>> ALWAYS = find(
            "java.lang.ArithmeticException",
            "java.lang.ArrayIndexOutOfBoundsException",
            "java.lang.ArrayStoreException",
            "java.lang.AssertionError",
            "java.lang.ClassCastException",
            "java.lang.IllegalArgumentException",
            "java.lang.IllegalStateException",
            "java.lang.IndexOutOfBoundsException",
            "java.lang.NegativeArraySizeException",
            "java.lang.NullPointerException",
            "java.lang.NumberFormatException",
            "java.lang.RuntimeException",
            "java.lang.SecurityException",
            "java.lang.StringIndexOutOfBoundsException",
            "java.lang.UnsupportedOperationException",
            "java.time.DateTimeException",
            "java.util.ConcurrentModificationException",
            "java.util.NoSuchElementException",
            "java.util.concurrent.CancellationException");

    /** These travel if a class that the method declares covers them, for example by {@code throws Exception}. */
    private static final Map<String, Function<String, Throwable>> IF_COVERED = find(
            "java.io.EOFException",
            "java.io.FileNotFoundException",
            "java.io.IOException",
            "java.lang.ClassNotFoundException",
            "java.lang.CloneNotSupportedException",
            "java.lang.Error",
            "java.lang.Exception",
            "java.lang.IllegalAccessException",
            "java.lang.InterruptedException",
            "java.lang.NoSuchFieldException",
            "java.lang.NoSuchMethodException",
            "java.lang.ReflectiveOperationException",
            "java.net.ConnectException",
            "java.net.MalformedURLException",
            "java.net.SocketException",
            "java.net.SocketTimeoutException",
            "java.net.UnknownHostException",
            "java.nio.file.AccessDeniedException",
            "java.nio.file.FileAlreadyExistsException",
            "java.nio.file.FileSystemException",
            "java.nio.file.NoSuchFileException",
            "java.security.GeneralSecurityException",
            "java.sql.SQLException",
            "java.sql.SQLIntegrityConstraintViolationException",
            "java.sql.SQLTimeoutException",
            "java.sql.SQLTransientException",
            "java.util.concurrent.ExecutionException",
            "java.util.concurrent.TimeoutException");

    static {
        ALWAYS.put(
                UncheckedIOException.class.getName(),
                message -> new UncheckedIOException(message, new IOException(message)));
    }

    private JdkExceptions() {}

    /** Whether the class travels whatever the method declares. */
    static boolean travels(String className) {
        return ALWAYS.containsKey(className);
    }

    /** Whether the class travels if a class that the method declares covers it. */
    static boolean travelsIfCovered(String className) {
        return ALWAYS.containsKey(className) || IF_COVERED.containsKey(className);
    }

    /** Makes an exception of that class and message; null if the class is not on the list. */
    static Throwable make(String className, String message) {
        Function<String, Throwable> maker = ALWAYS.getOrDefault(className, IF_COVERED.get(className));
        return maker == null ? null : maker.apply(message);
    }

    private static Map<String, Function<String, Throwable>> find(String... names) {
        Map<String, Function<String, Throwable>> found = new HashMap<>();
        for (String name : names) {
            try {
                MethodHandle constructor =
                        constructor(Class.forName(name, false, ClassLoader.getPlatformClassLoader()));
                found.put(name, message -> make(constructor, message));
            } catch (ReflectiveOperationException e) {
                // this runtime lacks the module; the name of such a class travels as data
            }
        }
        return found;
    }

    private static Throwable make(MethodHandle constructor, String message) {
        try {
            return (Throwable) constructor.invoke(message);
        } catch (Throwable e) {
            return null;
        }
    }

    /** A constructor that takes the message. Some classes have only one that takes a cause too, which is then null. */
    private static MethodHandle constructor(Class<?> type) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            return lookup.findConstructor(type, MethodType.methodType(void.class, String.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            MethodType withCause = MethodType.methodType(void.class, String.class, Throwable.class);
            return MethodHandles.insertArguments(lookup.findConstructor(type, withCause), 1, (Object) null);
        }
    }
}
