package io.floodlock.runtime.queue.method;

import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Map;

/**
 * Those arguments of a stored call by which it can be told from every other call, on any thread: the objects that were
 * decoded for it alone. Compared by identity. Boxed primitives, constants and empty values tell nothing, as other calls
 * may have the same object. Thread-safe.
 */
final class CallMarks {

    /** The arguments; null in place of one that is no mark. Instead of an argument its WeakReference, once weakened. */
    private volatile Object[] marks;

    private final boolean empty;

    CallMarks(Object[] arguments) {
        Object[] own = new Object[arguments.length];
        boolean none = true;
        for (int i = 0; i < arguments.length; i++) {
            if (isItsOwn(arguments[i])) {
                own[i] = arguments[i];
                none = false;
            }
        }
        marks = own;
        empty = none;
    }

    private static boolean isItsOwn(Object value) {
        if (value == null || value instanceof Enum<?>) {
            return false;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Collection<?> all) {
            return !all.isEmpty();
        }
        if (value instanceof Map<?, ?> all) {
            return !all.isEmpty();
        }
        Class<?> type = value.getClass();
        return type.isArray() ? Array.getLength(value) > 0 : type.getClassLoader() != null;
    }

    boolean isEmpty() {
        return empty;
    }

    /** Holds the arguments weakly from now on. */
    void weaken() {
        Object[] weak = new Object[marks.length];
        for (int i = 0; i < weak.length; i++) {
            weak[i] = marks[i] == null ? null : new WeakReference<>(marks[i]);
        }
        marks = weak;
    }

    /** Whether these arguments have all the marks, each at its place; false if there are none. */
    boolean areIn(Object[] given) {
        Object[] own = marks;
        if (empty || own.length != given.length) {
            return false;
        }
        for (int i = 0; i < own.length; i++) {
            if (own[i] != null && own[i] != given[i] && !isWeakly(own[i], given[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWeakly(Object mark, Object given) {
        return mark instanceof WeakReference<?> weak && given != null && weak.get() == given;
    }

    /** Whether a call may still come that has them. */
    boolean areAlive() {
        for (Object mark : marks) {
            if (mark instanceof WeakReference<?> weak && weak.get() == null) {
                return false;
            }
        }
        return !empty;
    }
}
