package io.floodlock.runtime.key;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.Collection;

/**
 * Reads the value of one path in a call and appends its text. Each step is a method handle from one object to the
 * next. A path with {@code [*]} first leads to a collection, and then from each element to a value.
 * {@link PathBinder} creates it, {@link Key} calls it. Immutable.
 */
final class KeyValue {

    /** The index for a path that leads to one value. */
    private static final int NO_ELEMENT = -1;

    private final String template;
    private final KeyPath path;
    private final int parameter;
    /** Each is {@code (Object)Object}; null for {@code [*]}. */
    private final MethodHandle[] steps;
    /** The number of steps that {@link #read} takes. */
    private final int first;

    KeyValue(String template, KeyPath path, int parameter, MethodHandle[] steps) {
        this.template = template;
        this.path = path;
        this.parameter = parameter;
        this.steps = steps;
        this.first = isEach() ? path.each() : steps.length;
    }

    /** Whether it has one value for each element of the object that {@link #read} returns. */
    boolean isEach() {
        return path.each() >= 0;
    }

    /** The value of the path in this call, or its collection. */
    Object read(Object self, Object[] arguments) {
        return walk(parameter < 0 ? self : arguments[parameter], 0, first, NO_ELEMENT);
    }

    /** The value of one element. */
    Object element(Object element, int index) {
        return walk(element, first + 1, steps.length, index);
    }

    /**
     * @param container the result of {@link #read}
     * @param most highest allowed number of elements
     */
    Object[] elements(Object container, int most) {
        if (container == null) {
            throw invalid(first, NO_ELEMENT, " is null");
        }
        int size = container instanceof Collection<?> collection ? collection.size() : Array.getLength(container);
        if (size > most) {
            throw tooMany(size, most);
        }
        if (container instanceof Object[] array) {
            return array;
        }
        if (container instanceof Collection<?> collection) {
            Object[] elements = snapshot(collection);
            if (elements.length > most) {
                throw tooMany(elements.length, most);
            }
            return elements;
        }
        Object[] elements = new Object[size];
        for (int i = 0; i < size; i++) {
            elements[i] = Array.get(container, i);
        }
        return elements;
    }

    private FloodlockFailure tooMany(int size, int most) {
        return invalid(
                first,
                NO_ELEMENT,
                " has " + size + " elements; a call can have at most " + most
                        + " keys: use one key for the whole collection, or call the method for one part at a time");
    }

    private Object[] snapshot(Collection<?> collection) {
        try {
            return collection.toArray();
        } catch (RuntimeException e) {
            throw Failure.INVALID_KEY.because(
                    where() + "reading the elements of " + upTo(first, NO_ELEMENT) + " threw an exception", e);
        }
    }

    /** @param value the result of {@link #read} */
    void append(StringBuilder out, Object value) {
        append(out, value, NO_ELEMENT);
    }

    /** @param index of the element that has the value */
    void append(StringBuilder out, Object value, int index) {
        if (value == null) {
            throw invalid(steps.length, index, " is null");
        }
        boolean known;
        try {
            known = CanonicalText.append(out, value);
        } catch (ArithmeticException e) {
            throw invalid(steps.length, index, " is " + e.getMessage() + "; use an id instead of such a long number");
        } catch (Throwable e) {
            throw Failure.INVALID_KEY.because(where() + "keyText() of " + upTo(steps.length, index) + " failed", e);
        }
        if (!known) {
            String refusal = KeyTypes.refusal(new KeyTypes.Loaded(value.getClass()), path.text());
            throw invalid(
                    steps.length,
                    index,
                    " "
                            + (refusal == null
                                    ? "is a " + value.getClass().getName() + ", which has no text for a key"
                                    : refusal));
        }
    }

    private Object walk(Object start, int from, int to, int element) {
        Object value = start;
        for (int i = from; i < to; i++) {
            if (value == null) {
                throw invalid(i, element, " is null");
            }
            value = step(steps[i], value, i, element);
        }
        return value;
    }

    private Object step(MethodHandle step, Object value, int index, int element) {
        try {
            return (Object) step.invokeExact(value);
        } catch (FloodlockFailure e) {
            throw e;
        } catch (IndexOutOfBoundsException | ClassCastException e) {
            throw Failure.INVALID_KEY.because(where() + upTo(index + 1, element) + " does not exist in this call", e);
        } catch (Throwable e) {
            throw Failure.INVALID_KEY.because(
                    where() + "reading " + upTo(index + 1, element) + " threw an exception", e);
        }
    }

    private FloodlockFailure invalid(int step, int element, String what) {
        return Failure.INVALID_KEY.because(where() + upTo(step, element) + what);
    }

    private String where() {
        return "key \"" + template + "\": ";
    }

    private String upTo(int step, int element) {
        StringBuilder out = new StringBuilder("{").append(path.start().name());
        for (int i = 0; i < step; i++) {
            if (path.isEach(i)) {
                out.append('[')
                        .append(element < 0 ? KeyPath.EACH : Integer.toString(element))
                        .append(']');
            } else {
                out.append('.').append(path.steps().get(i));
            }
        }
        return out.append('}').toString();
    }
}
