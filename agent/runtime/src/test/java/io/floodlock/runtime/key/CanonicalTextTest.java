package io.floodlock.runtime.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.KeyText;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Equal values have one text in a key; what can't promise that has none. */
class CanonicalTextTest {

    record Wrap(Object inner) {}

    record Sku(String text) implements KeyText {
        @Override
        public String keyText() {
            return text;
        }
    }

    static final class NoText {}

    static final class Printed {
        @Override
        public String toString() {
            return "printed";
        }
    }

    interface HasId {}

    enum Size implements HasId {
        SMALL {
            @Override
            public String toString() {
                return "s";
            }
        }
    }

    private static final List<List<Object>> EQUAL = List.of(
            List.of(1L, 1, (short) 1, (byte) 1, BigInteger.ONE, new BigDecimal("1.0"), new BigDecimal("1.00")),
            List.of(1_000L, new BigDecimal("1E+3"), new BigDecimal("1000"), new BigDecimal("1000.000")),
            List.of(0, new BigDecimal("0.00"), new BigDecimal("0E+9"), new BigDecimal("-0.0")),
            List.of("caf\u00e9", "cafe\u0301", new StringBuilder("cafe\u0301"), new Sku("cafe\u0301")),
            List.of("\u00c5", '\u00c5', '\u212b', "A\u030a"),
            List.of("x", 'x', new Sku("x")));

    @Test
    void equalValuesHaveOneText() {
        for (List<Object> equal : EQUAL) {
            equal.forEach(value -> assertEquals(key(equal.get(0)), key(value), () -> value.getClass() + " " + value));
        }
    }

    @Test
    void textsAreTheSameInEveryTimeZoneAndLocale() {
        TimeZone zone = TimeZone.getDefault();
        Locale locale = Locale.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            Locale.setDefault(Locale.forLanguageTag("ar-SA-u-nu-arab"));
            assertEquals("1970-01-01T00%3A00%3A00Z", key(Instant.EPOCH));
            assertEquals("2024-02-29", key(LocalDate.of(2024, 2, 29)));
            assertEquals("2024", key(Year.of(2024)));
            assertEquals("PT1H30M", key(Duration.ofMinutes(90)));
            assertEquals("2024-02-29T12%3A00%2B01%3A00", key(OffsetDateTime.parse("2024-02-29T12:00+01:00")));
            assertEquals(
                    "2024-02-29T12%3A00%2B01%3A00%5BEurope%2FParis%5D",
                    key(ZonedDateTime.parse("2024-02-29T12:00+01:00[Europe/Paris]")));
            assertEquals("Europe%2FParis", key(ZoneId.of("Europe/Paris")));
            assertEquals("-12", key(-12));
            assertEquals("1%2E5", key(new BigDecimal("1.50")));
            assertEquals("true", key(true));
            assertEquals("00000000-0000-0001-0000-000000000002", key(new UUID(1, 2)));
            assertEquals("SMALL", key(Size.SMALL));
        } finally {
            TimeZone.setDefault(zone);
            Locale.setDefault(locale);
        }
    }

    /** Which characters are letters depends on the JDK: U+A7D0 is none on 17. */
    @Test
    void onlyLettersOfEveryJdkStandAsTheyAre() {
        assertEquals("%uA7D0", key("\ua7d0"));
        assertEquals("%u088E", key("\u088e"));
        assertEquals("é訂단ж", key("é訂단ж"));
        assertNotEquals(key("\ud800"), key("?"));
    }

    private static final List<Object> REFUSED = List.of(
            1.0,
            1f,
            List.of("a", "b"),
            Set.of("a"),
            new LinkedHashSet<>(new HashSet<>(List.of("Aa", "BB"))),
            Map.of("a", 1),
            Optional.empty(),
            Optional.of("a"),
            OptionalLong.of(1),
            new Date(0),
            new java.sql.Timestamp(0),
            new GregorianCalendar(2024, 1, 1),
            new Wrap("a"),
            new byte[1],
            new Object[0],
            new NoText(),
            new Printed(),
            new AtomicLong(1),
            new AtomicReference<>("a"),
            Path.of("a"),
            Locale.ROOT,
            Currency.getInstance("EUR"),
            Thread.currentThread(),
            java.time.Clock.systemUTC(),
            IntStream.of(1),
            (Runnable) () -> {},
            new Object());

    @Test
    void everythingElseIsRefusedByItsPathAndType() {
        for (Object value : REFUSED) {
            var failure = assertThrows(
                    FloodlockFailure.class,
                    () -> key(value),
                    () -> value.getClass().getName());
            assertEquals(Failure.INVALID_KEY, failure.kind());
            assertTrue(failure.getMessage().startsWith("key \"{0}\": {0} is a"), failure.getMessage());
        }
    }

    @Test
    void numbersLongerThanAnyKeyAreRefusedBeforeTheyAreWritten() {
        for (Object huge : List.of(
                new BigDecimal("1E+2000000000"),
                new BigDecimal("1E-2000000000"),
                BigInteger.ONE.shiftLeft(50_000_000))) {
            assertTrue(assertThrows(FloodlockFailure.class, () -> key(huge))
                    .getMessage()
                    .contains("more than 1000 digits"));
        }
    }

    @Test
    void aKeyTextOfNullIsRefused() {
        var failure = assertThrows(FloodlockFailure.class, () -> key(new Sku(null)));
        assertTrue(failure.getMessage().contains("keyText() of {0} failed"), failure.getMessage());
    }

    @SuppressWarnings("unused")
    static void declared(
            double floating,
            List<String> list,
            Collection<?> collection,
            Iterable<String> iterable,
            Iterator<String> iterator,
            Map<String, Integer> map,
            Optional<UUID> optional,
            Date date,
            GregorianCalendar calendar,
            Wrap record,
            long[] array,
            NoText object) {}

    @Test
    void aDeclaredTypeIsRefusedAtOnceWithWhatToWriteInstead() {
        List<String> remedies = List.of(
                "use a BigDecimal or an integer",
                "{0[*]}",
                "{0[*]}",
                "{0[*]}",
                "{0[*]}",
                "{0[name]}",
                "{0.get}",
                "{0.time}",
                "{0.timeInMillis}",
                "{0.inner}",
                "{0[*]}",
                "{0.id}");
        Method method = method("declared");
        for (int i = 0; i < remedies.size(); i++) {
            KeyTemplate template = KeyTemplate.parse("{" + i + "}");
            var refused = assertThrows(
                    IllegalArgumentException.class, () -> template.bind(MethodHandles.lookup(), method, List.of()));
            String remedy = remedies.get(i).replace("{0", "{" + i);
            assertTrue(refused.getMessage().contains(remedy), refused.getMessage());
        }
    }

    @SuppressWarnings("unused")
    static void open(Object a, Comparable<?> b, Number c, HasId d, CharSequence e, Sku f, Enum<?> g, Size h) {}

    @Test
    void aDeclaredTypeThatLeavesItOpenIsDecidedByTheValue() {
        Object[] values = {"a", 1, 2L, Size.SMALL, "e", new Sku("f"), Size.SMALL, Size.SMALL};
        Key key = KeyTemplate.parse("{0}:{1}:{2}:{3}:{4}:{5}:{6}:{7}")
                .bind(MethodHandles.lookup(), method("open"), List.of());
        assertEquals("a:1:2:SMALL:e:f:SMALL:SMALL", key.of(null, values));
        values[2] = 2.0;
        assertTrue(assertThrows(FloodlockFailure.class, () -> key.of(null, values))
                .getMessage()
                .contains("{2} is a floating-point number (java.lang.Double)"));
    }

    @SuppressWarnings("unused")
    static void any(Object value) {}

    private static String key(Object value) {
        return KeyTemplate.parse("{0}")
                .bind(MethodHandles.lookup(), method("any"), List.of())
                .of(null, new Object[] {value});
    }

    private static Method method(String name) {
        return Arrays.stream(CanonicalTextTest.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
