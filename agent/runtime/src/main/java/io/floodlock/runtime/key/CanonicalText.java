package io.floodlock.runtime.key;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.Normalizer;
import java.time.ZoneId;
import java.util.UUID;

/**
 * The text of a value in a key. Equal values have equal texts in every JVM, whatever its version, default time zone
 * or locale. If one value had two texts, two holders could be in the critical section at once. So this class has a
 * list of types and does not call {@code toString} on any other:
 *
 * <pre>
 *   text, a character          in NFC, as the same text can be typed in two ways
 *   an integer                 decimal
 *   a decimal                  decimal, without trailing zeros: 1.0, 1.00 and 1 have one text
 *   an enum constant           its name
 *   a boolean, a UUID          its toString
 *   a type of java.time        its toString, in ISO 8601
 *   io.floodlock.KeyText       the text that the application returns
 * </pre>
 *
 * <p>Not in the list: floating point, whose text depends on the computation of the number and on the JDK; dates that
 * print in the JVM's time zone; collections and maps, whose order differs between JVMs; all other types.
 * {@link KeyTypes} reports such types with what to write instead. {@link KeyValue} calls this class. Thread-safe.
 */
final class CanonicalText {

    /** Most digits of a number; no key is longer. */
    private static final int LONGEST_NUMBER = 1_000;

    private static final int BITS_PER_DIGIT = 4;

    /** The first character that may combine with the one before it, or that may have another form. */
    private static final char COMBINING = '\u0300';

    /**
     * For a class that implements {@code KeyText}, its method as {@code (Object)String}; null for all other classes.
     */
    private static final ClassValue<MethodHandle> KEY_TEXT = new ClassValue<>() {
        @Override
        protected MethodHandle computeValue(Class<?> type) {
            Class<?> declared = KeyTypes.supertype(type, KeyTypes.KEY_TEXT);
            try {
                return declared == null
                        ? null
                        : MethodHandles.publicLookup()
                                .findVirtual(declared, "keyText", methodType(String.class))
                                .asType(methodType(String.class, Object.class));
            } catch (ReflectiveOperationException foreign) {
                return null;
            }
        }
    };

    private CanonicalText() {}

    /**
     * Appends the text of the value, escaped.
     *
     * @return false if values of that class have no such text
     * @throws ArithmeticException if a number has more digits than any key
     * @throws Throwable whatever the application's {@code keyText} throws
     */
    static boolean append(StringBuilder out, Object value) throws Throwable {
        if (value instanceof String text) {
            appendText(out, text);
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            out.append(((Number) value).longValue());
        } else if (value instanceof Enum<?> constant) {
            appendText(out, constant.name());
        } else if (value instanceof UUID || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof BigDecimal decimal) {
            Escaping.append(out, text(decimal));
        } else if (value instanceof BigInteger integer) {
            out.append(text(integer));
        } else if (value instanceof Character || value instanceof CharSequence) {
            appendText(out, value.toString());
        } else if (KeyTypes.isTime(value.getClass().getName()) || value instanceof ZoneId) {
            Escaping.append(out, value.toString());
        } else {
            return appendOwn(out, value);
        }
        return true;
    }

    private static boolean appendOwn(StringBuilder out, Object value) throws Throwable {
        MethodHandle own = KEY_TEXT.get(value.getClass());
        if (own == null) {
            return false;
        }
        String text = (String) own.invokeExact(value);
        if (text == null) {
            throw new NullPointerException("keyText() of " + value.getClass().getName() + " returned null");
        }
        appendText(out, text);
        return true;
    }

    private static void appendText(StringBuilder out, String text) {
        Escaping.append(out, composed(text));
    }

    /** The text in NFC. */
    static String composed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= COMBINING) {
                return Normalizer.normalize(text, Normalizer.Form.NFC);
            }
        }
        return text;
    }

    private static String text(BigDecimal decimal) {
        BigDecimal stripped = decimal.stripTrailingZeros();
        if (stripped.precision() > LONGEST_NUMBER || Math.abs((long) stripped.scale()) > LONGEST_NUMBER) {
            throw tooLong();
        }
        return stripped.toPlainString();
    }

    private static String text(BigInteger integer) {
        if (integer.bitLength() > LONGEST_NUMBER * BITS_PER_DIGIT) {
            throw tooLong();
        }
        return integer.toString();
    }

    private static ArithmeticException tooLong() {
        return new ArithmeticException("a number of more than " + LONGEST_NUMBER + " digits");
    }
}
