package io.floodlock.runtime.key;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandle;

/** The value of one path: each step a handle from one object to the next, then text. */
final class KeyValue {

    /** An object with a text of its own overrides toString; the identity of one that doesn't differs in every JVM. */
    private static final ClassValue<Boolean> HAS_TEXT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return type.getMethod("toString").getDeclaringClass() != Object.class;
            } catch (NoSuchMethodException e) {
                throw new AssertionError(e);
            }
        }
    };

    private final String template;
    private final KeyPath path;
    private final int parameter;
    /** Each {@code (Object)Object}. */
    private final MethodHandle[] steps;

    KeyValue(String template, KeyPath path, int parameter, MethodHandle[] steps) {
        this.template = template;
        this.path = path;
        this.parameter = parameter;
        this.steps = steps;
    }

    /** What the path leads to in this call. */
    Object read(Object self, Object[] arguments) {
        Object value = parameter < 0 ? self : arguments[parameter];
        for (int i = 0; i < steps.length; i++) {
            if (value == null) {
                throw invalid(upTo(i) + " is null");
            }
            value = step(steps[i], value, i);
        }
        return value;
    }

    /** @param value of {@link #read} */
    void append(StringBuilder out, Object value) {
        if (value instanceof CharSequence text) {
            Escaping.append(out, text);
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            out.append(((Number) value).longValue());
        } else if (value instanceof Enum<?> constant) {
            Escaping.append(out, constant.name());
        } else if (value == null) {
            throw invalid(upTo(steps.length) + " is null");
        } else if (value.getClass().isArray()) {
            throw invalid(upTo(steps.length) + " is an array; name an element, as {" + path.text() + "[0]}");
        } else if (!HAS_TEXT.get(value.getClass())) {
            throw invalid(upTo(steps.length) + " is a " + value.getClass().getName()
                    + ", which has no toString of its own; name a part of it that tells it from others");
        } else {
            Escaping.append(out, value.toString());
        }
    }

    private Object step(MethodHandle step, Object value, int index) {
        try {
            return (Object) step.invokeExact(value);
        } catch (FloodlockFailure e) {
            throw e;
        } catch (IndexOutOfBoundsException | ClassCastException e) {
            throw Failure.INVALID_KEY.because(where() + upTo(index + 1) + " does not exist in this call", e);
        } catch (Throwable e) {
            throw Failure.INVALID_KEY.because(where() + "reading " + upTo(index + 1) + " threw", e);
        }
    }

    private FloodlockFailure invalid(String what) {
        return Failure.INVALID_KEY.because(where() + what);
    }

    private String where() {
        return "key \"" + template + "\": ";
    }

    private String upTo(int step) {
        StringBuilder out = new StringBuilder("{").append(path.start().name());
        path.steps().subList(0, step).forEach(name -> out.append('.').append(name));
        return out.append('}').toString();
    }
}
