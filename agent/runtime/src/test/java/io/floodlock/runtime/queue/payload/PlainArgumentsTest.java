package io.floodlock.runtime.queue.payload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The form of arguments without Jackson, and how versions of a method read each other's forms. */
class PlainArgumentsTest {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());

    enum Color {
        RED,
        GREEN
    }

    record Line(String product, int count) {}

    /** Methods with one parameter of the same name: each is another version of the others. */
    @SuppressWarnings("unused")
    static class Versions {
        void aBoolean(boolean p) {}

        void aByte(byte p) {}

        void aShort(short p) {}

        void aChar(char p) {}

        void anInt(int p) {}

        void aLong(long p) {}

        void aFloat(float p) {}

        void aDouble(double p) {}

        void boxedBoolean(Boolean p) {}

        void boxedByte(Byte p) {}

        void boxedShort(Short p) {}

        void boxedChar(Character p) {}

        void boxedInt(Integer p) {}

        void boxedLong(Long p) {}

        void boxedFloat(Float p) {}

        void boxedDouble(Double p) {}

        void text(String p) {}

        void bytes(byte[] p) {}

        void bigInteger(BigInteger p) {}

        void bigDecimal(BigDecimal p) {}

        void uuid(UUID p) {}

        void instant(Instant p) {}

        void color(Color p) {}

        void optional(Optional<String> p) {}

        void list(List<String> p) {}

        void record(Line p) {}
    }

    @SuppressWarnings("unused")
    static class Orders {
        void none() {}

        void place(String id, int count, byte[] blob, Long stamp) {}

        void placeNamed(String name, int count, byte[] blob, Long stamp) {}

        void placeMore(String id, int count, byte[] blob, Long stamp, String more) {}

        void placeLess(String id, int count, byte[] blob) {}

        void placeReordered(Long stamp, byte[] blob, long count, String id) {}

        void placeColored(Color id, int count, byte[] blob, Long stamp) {}

        void two(String a, String b) {}

        <T extends String> void variable(T text) {}
    }

    private static final Map<String, Object[]> EDGES = edges();

    private static Map<String, Object[]> edges() {
        Map<String, Object[]> edges = new LinkedHashMap<>();
        edges.put("Boolean", new Object[] {true, false});
        edges.put("Byte", new Object[] {Byte.MIN_VALUE, (byte) -1, (byte) 0, Byte.MAX_VALUE});
        edges.put("Short", new Object[] {Short.MIN_VALUE, (short) -1, (short) 0, (short) 128, Short.MAX_VALUE});
        edges.put("Char", new Object[] {'\0', '7', 'x', '\u00e9', '\ud7ff', '\ue000', '\uffff'});
        edges.put("Int", new Object[] {Integer.MIN_VALUE, -65, -64, -1, 0, 63, 64, 200, Integer.MAX_VALUE});
        edges.put("Long", new Object[] {Long.MIN_VALUE, -1L, 0L, 7L, 1L << 32, Long.MAX_VALUE});
        edges.put(
                "Float",
                new Object[] {Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, -0f, 0f, 0.1f});
        edges.put(
                "Double",
                new Object[] {Double.NaN, Double.MIN_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY, -0d, 0.1, 3d});
        edges.put("text", new Object[] {
            null,
            "",
            "a",
            "5",
            "RED",
            "true",
            "\0",
            "\u007f\u0080\u07ff\u0800\uffff",
            "\ufffd",
            "e\u0301\u20ac \ud83d\ude00\udbff\udfff.",
            "x".repeat(10_000),
            "\u20ac".repeat(10_000),
            "YWJj"
        });
        edges.put("bytes", new Object[] {null, new byte[0], new byte[] {-1}, new byte[16], new byte[70_000]});
        return edges;
    }

    /** The plain methods of {@link Versions}, and values of each. */
    private static Map<String, List<Object>> plainValues() {
        Map<String, List<Object>> out = new LinkedHashMap<>();
        EDGES.forEach((type, values) -> {
            if (type.equals("text") || type.equals("bytes")) {
                out.put(type, Arrays.asList(values));
            } else {
                List<Object> withNull = new ArrayList<>(Arrays.asList(values));
                withNull.add(null);
                out.put((type.equals("Int") ? "an" : "a") + type, Arrays.asList(values));
                out.put("boxed" + type, withNull);
            }
        });
        return out;
    }

    private static Method method(Class<?> owner, String name) {
        return Arrays.stream(owner.getDeclaredMethods())
                .filter(m -> m.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ArgumentsCodec codec(Class<?> owner, String name) {
        return new ArgumentsCodec(method(owner, name), PayloadMapper.create());
    }

    private static ArgumentsCodec orders(String name) {
        return codec(Orders.class, name);
    }

    private static CborArguments cbor(Class<?> owner, String name) {
        ObjectMapper mapper = PayloadMapper.create();
        return new CborArguments(new CallParameters(method(owner, name), mapper), mapper);
    }

    private static final Object[] ORDER = {"o-1", -5, new byte[] {1, 2}, 1L << 40};

    // ---- values ----

    @Test
    void valuesOfEveryTypeTravel() throws Exception {
        for (Map.Entry<String, List<Object>> version : plainValues().entrySet()) {
            ArgumentsCodec codec = codec(Versions.class, version.getKey());
            for (Object value : version.getValue()) {
                byte[] bytes = codec.encode(new Object[] {value});
                assertEquals(PlainArguments.FORM, bytes[0], version.getKey());
                assertSame(value, codec.decode(bytes)[0], version.getKey());
            }
        }
    }

    @Test
    void theBitsOfANumberThatIsNoneTravel() throws Exception {
        float odd = Float.intBitsToFloat(0x7fc0_0123);
        Object back = decodeOwn(Versions.class, "aFloat", odd);
        assertEquals(0x7fc0_0123, Float.floatToRawIntBits((Float) back));
    }

    @Test
    void randomTextsTravel() throws Exception {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        ArgumentsCodec codec = codec(Versions.class, "text");
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            int widest = new int[] {0x80, 0x100, 0x800, 0x10000, 0x110000}[random.nextInt(5)];
            for (int n = random.nextInt(40); n > 0; n--) {
                int point = random.nextInt(widest);
                text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
            }
            assertEquals(text.toString(), codec.decode(codec.encode(new Object[] {text.toString()}))[0]);
        }
    }

    @Test
    void severalParametersAndNoneTravel() throws Exception {
        assertDeepEquals(ORDER, orders("place").decode(orders("place").encode(ORDER)));
        Object[] nulls = {null, 0, null, null};
        assertDeepEquals(nulls, orders("place").decode(orders("place").encode(nulls)));
        assertEquals(0, orders("none").decode(orders("none").encode(new Object[0])).length);
        Object[] text = {"x"};
        assertDeepEquals(text, orders("variable").decode(orders("variable").encode(text)));
    }

    /** A consumer's call is recognised on other threads by its own argument objects. */
    @Test
    void decodedTextsAndArraysAreNewObjects() throws Exception {
        for (String version : List.of("text", "bytes")) {
            ArgumentsCodec codec = codec(Versions.class, version);
            byte[] bytes = codec.encode(new Object[] {version.equals("text") ? "x" : new byte[] {1}});
            assertNotSame(codec.decode(bytes)[0], codec.decode(bytes)[0]);
        }
    }

    @Test
    void aSurrogateWithoutItsPairIsRefused() {
        for (String text :
                List.of("a\ud800b", "secret\udc00", "\u20ac\ud83d", "\udc00\ud800", "x".repeat(99) + "\ud800")) {
            assertUnwritten("text", text);
        }
        assertUnwritten("aChar", '\ud800');
        assertUnwritten("boxedChar", '\udfff');
    }

    private static void assertUnwritten(String version, Object value) {
        FloodlockFailure failure = assertThrows(
                FloodlockFailure.class, () -> codec(Versions.class, version).encode(new Object[] {value}));
        assertEquals(Failure.PAYLOAD, failure.kind());
        assertTrue(failure.getMessage().contains("argument p can't be serialized: a surrogate"), failure.getMessage());
        assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
        assertThrows(FloodlockFailure.class, () -> cbor(Versions.class, version).encode(new Object[] {value}));
    }

    @Test
    void theSizeIsLimitedInBytesWithoutAllocatingThem() throws Exception {
        ArgumentsCodec codec = codec(Versions.class, "bytes");
        int besides = codec.encode(new Object[] {new byte[100_000]}).length - 100_000;
        byte[] largest = new byte[CallRecord.LONGEST_PAYLOAD - besides];
        byte[] encoded = codec.encode(new Object[] {largest});
        assertEquals(CallRecord.LONGEST_PAYLOAD, encoded.length);
        assertArrayEquals(largest, (byte[]) codec.decode(encoded)[0]);
        assertTooLarge("bytes", new byte[largest.length + 1], CallRecord.LONGEST_PAYLOAD + 1);

        String wide = "\u20ac".repeat(400_000);
        assertTooLarge("text", wide, 1_200_000 + besides);
        String half = "x".repeat(600_000);
        FloodlockFailure failure =
                assertThrows(FloodlockFailure.class, () -> orders("two").encode(new Object[] {half, half}));
        assertTrue(failure.getMessage().contains("1048576"), failure.getMessage());
    }

    private static void assertTooLarge(String version, Object value, int size) {
        ArgumentsCodec codec = codec(Versions.class, version);
        Object[] arguments = {value};
        assertThrows(FloodlockFailure.class, () -> codec.encode(arguments));
        FloodlockFailure[] failure = new FloodlockFailure[1];
        long allocated =
                allocated(() -> failure[0] = assertThrows(FloodlockFailure.class, () -> codec.encode(arguments)));
        assertTrue(failure[0].getMessage().contains("take " + size + " bytes"), failure[0].getMessage());
        assertTrue(allocated < 200_000, "allocated " + allocated);
    }

    // ---- other versions ----

    /** Whatever CBOR reads as another type, this form gives too; what CBOR refuses is incompatible. */
    @Test
    void otherTypesAreReadAsFromCbor() throws Exception {
        List<String> differences = new ArrayList<>();
        int[] read = new int[2];
        Map<String, ArgumentsCodec> readers = new LinkedHashMap<>();
        Map<String, CborArguments> oracles = new LinkedHashMap<>();
        for (Method target : Versions.class.getDeclaredMethods()) {
            readers.put(target.getName(), codec(Versions.class, target.getName()));
            oracles.put(target.getName(), cbor(Versions.class, target.getName()));
        }
        for (Map.Entry<String, List<Object>> version : plainValues().entrySet()) {
            ArgumentsCodec writer = readers.get(version.getKey());
            CborArguments before = oracles.get(version.getKey());
            for (String target : readers.keySet()) {
                ArgumentsCodec reader = readers.get(target);
                CborArguments oracle = oracles.get(target);
                for (Object value : version.getValue()) {
                    Object[] arguments = {value};
                    Object expected = outcome(() -> oracle.decode(before.encode(arguments)));
                    Object found = outcome(() -> reader.decode(writer.encode(arguments)));
                    Object fromCbor = outcome(() -> reader.decode(before.encode(arguments)));
                    if (!same(expected, fromCbor) || !same(expected == MALFORMED ? INCOMPATIBLE : expected, found)) {
                        differences.add(version.getKey() + " " + show(value) + " -> " + target + ": " + show(expected)
                                + ", " + show(found) + ", " + show(fromCbor));
                    }
                    read[found == INCOMPATIBLE ? 0 : 1]++;
                }
            }
        }
        assertEquals(List.of(), differences);
        assertTrue(read[0] > 100 && read[1] > 100, Arrays.toString(read));
    }

    @Test
    void aWiderNumberAndAnEnumForItsNameAreRead() throws Exception {
        assertEquals(-5L, decodeAs("anInt", -5, "aLong"));
        assertEquals(-5L, decodeAs("anInt", -5, "boxedLong"));
        assertEquals(2.5, decodeAs("aFloat", 2.5f, "aDouble"));
        assertEquals(Color.GREEN, decodeAs("text", "GREEN", "color"));
        assertEquals(BigInteger.TEN, decodeAs("aLong", 10L, "bigInteger"));
        assertEquals("x", decodeAs("aChar", 'x', "text"));
    }

    @Test
    void whatAnotherTypeCannotHoldIsIncompatible() {
        String message = assertThrows(IncompatibleCallException.class, () -> decodeAs("text", "sesame", "anInt"))
                .getMessage();
        assertEquals(
                "its parameter p has type String, which this version of " + Versions.class.getName()
                        + ".anInt can't read as int",
                message);
        assertThrows(IncompatibleCallException.class, () -> decodeAs("aLong", 1L << 40, "anInt"));
        assertThrows(IncompatibleCallException.class, () -> decodeAs("boxedInt", null, "anInt"));
        assertThrows(IncompatibleCallException.class, () -> decodeAs("text", "RED", "record"));
        assertThrows(IncompatibleCallException.class, () -> decodeAs("aLong", Long.MAX_VALUE, "instant"));
    }

    @Test
    void parametersAreFoundByNameInAnyOrder() throws Exception {
        byte[] stored = orders("place").encode(ORDER);
        assertDeepEquals(
                new Object[] {1L << 40, new byte[] {1, 2}, -5L, "o-1"},
                orders("placeReordered").decode(stored));
    }

    @Test
    void aMissingOrUnknownParameterIsIncompatible() {
        byte[] stored = orders("place").encode(ORDER);
        for (String other : List.of("placeNamed", "placeMore", "placeLess", "none")) {
            assertThrows(IncompatibleCallException.class, () -> orders(other).decode(stored), other);
        }
        byte[] none = orders("none").encode(new Object[0]);
        assertThrows(IncompatibleCallException.class, () -> orders("place").decode(none));
    }

    /** One version's parameters are all plain, the other's are not. */
    @Test
    void versionsReadEachOthersForms() throws Exception {
        Object[] named = {"RED", 1, new byte[] {3}, null};
        Object[] colored = {Color.RED, 1, new byte[] {3}, null};
        byte[] plain = orders("place").encode(named);
        byte[] cbor = orders("placeColored").encode(colored);
        assertEquals(PlainArguments.FORM, plain[0]);
        assertEquals(CborArguments.FORM, cbor[0] & 0xff);
        assertDeepEquals(colored, orders("placeColored").decode(plain));
        assertDeepEquals(named, orders("place").decode(cbor));
        byte[] incompatible = orders("place").encode(ORDER);
        assertThrows(
                IncompatibleCallException.class, () -> orders("placeColored").decode(incompatible));
    }

    // ---- hostile bytes ----

    @Test
    void anUnknownFormIsMalformed() {
        ArgumentsCodec codec = orders("place");
        byte[] bytes = codec.encode(ORDER);
        for (int form = 0; form < 256; form++) {
            bytes[0] = (byte) form;
            if (form != PlainArguments.FORM && form != CborArguments.FORM) {
                assertThrows(MalformedRecordException.class, () -> codec.decode(bytes));
            }
        }
        assertThrows(MalformedRecordException.class, () -> codec.decode(new byte[0]));
    }

    @Test
    void eachShorterOrLongerPayloadIsMalformed() {
        byte[] stored = orders("place").encode(ORDER);
        for (String version : List.of("place", "placeReordered", "placeColored")) {
            ArgumentsCodec codec = orders(version);
            for (int length = 0; length < stored.length; length++) {
                byte[] shorter = Arrays.copyOf(stored, length);
                assertThrows(MalformedRecordException.class, () -> codec.decode(shorter));
            }
            byte[] longer = Arrays.copyOf(stored, stored.length + 1);
            assertThrows(MalformedRecordException.class, () -> codec.decode(longer));
        }
    }

    @Test
    void aHugeClaimedLengthIsRefusedWithoutAllocatingIt() {
        for (int[] length : new int[][] {{0xff, 0xff, 0xff, 0xff, 0x07}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}}) {
            for (String version : List.of("bytes", "text")) {
                byte[] hostile = payload(9 + (version.equals("bytes") ? 1 : 0), length);
                for (String reader : List.of(version, "uuid")) {
                    ArgumentsCodec codec = codec(Versions.class, reader);
                    assertThrows(MalformedRecordException.class, () -> codec.decode(hostile));
                    long allocated =
                            allocated(() -> assertThrows(MalformedRecordException.class, () -> codec.decode(hostile)));
                    assertTrue(allocated < 200_000, "allocated " + allocated);
                }
            }
        }
    }

    /** The form of {@link Versions} with one nullable value of the kind, and what follows its presence. */
    private static byte[] payload(int kind, int... rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int octet : new int[] {PlainArguments.FORM, 1, 0x40 | kind, 1, 'p', 1}) {
            out.write(octet);
        }
        for (int octet : rest) {
            out.write(octet);
        }
        return out.toByteArray();
    }

    @Test
    void valuesThatNothingWritesAreMalformed() throws Exception {
        assertEquals("x", codec(Versions.class, "text").decode(payload(9, 1, 'x'))[0]);
        assertMalformed("text", payload(9, 1, 0xff));
        assertMalformed("text", payload(9, 2, 0xc0, 0x80));
        assertMalformed("text", payload(9, 3, 0xed, 0xa0, 0x80));
        assertMalformed("text", payload(9, 4, 0xef, 0xbf, 0xbd, 0xff));
        assertMalformed("boxedBoolean", payload(1, 2));
        assertMalformed("boxedChar", payload(4, 0xd8, 0x00));
        assertMalformed("boxedInt", payload(5, 0xff, 0xff, 0xff, 0xff, 0x10));
        assertMalformed("boxedLong", payload(6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02));
        assertMalformed("text", payload(0, 1, 'x'));
        assertMalformed("text", payload(11, 1, 'x'));
        byte[] noNullByMistake = payload(9, 1, 'x');
        noNullByMistake[2] = 9;
        assertMalformed("text", noNullByMistake);
        byte[] twice = orders("two").encode(new Object[] {"x", "y"});
        twice[7] = 'a';
        assertThrows(MalformedRecordException.class, () -> orders("two").decode(twice));
    }

    private static void assertMalformed(String version, byte[] bytes) {
        assertThrows(
                MalformedRecordException.class,
                () -> codec(Versions.class, version).decode(bytes));
    }

    @Test
    void damagedBytesAreReadOrRefusedButNeverAnythingElse() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        List<byte[]> good = new ArrayList<>();
        List<ArgumentsCodec> readers = new ArrayList<>();
        for (String name : List.of("place", "placeReordered", "placeColored", "two", "none")) {
            readers.add(orders(name));
        }
        good.add(readers.get(0).encode(ORDER));
        good.add(readers.get(0).encode(new Object[] {"\u20ac\ud83d\ude00", 5, new byte[200], null}));
        good.add(readers.get(2).encode(new Object[] {Color.RED, 5, new byte[20], 7L}));
        good.add(readers.get(3).encode(new Object[] {"x".repeat(200), ""}));
        plainValues().forEach((version, values) -> {
            readers.add(codec(Versions.class, version));
            good.add(codec(Versions.class, version).encode(new Object[] {values.get(values.size() / 2)}));
        });
        for (String name : List.of("instant", "uuid", "color", "bigDecimal", "record", "optional")) {
            readers.add(codec(Versions.class, name));
        }
        List<String> others = new ArrayList<>();
        int[] ends = new int[3];
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = damaged(good, random);
            ArgumentsCodec reader = readers.get(random.nextInt(readers.size()));
            try {
                reader.decode(bytes);
                ends[0]++;
            } catch (MalformedRecordException e) {
                ends[1]++;
            } catch (IncompatibleCallException e) {
                ends[2]++;
            } catch (Throwable e) {
                others.add(e + " " + Arrays.toString(bytes));
            }
        }
        assertEquals(List.of(), others);
        assertTrue(ends[0] > 100 && ends[1] > 100 && ends[2] > 100, Arrays.toString(ends));
    }

    private static byte[] damaged(List<byte[]> good, Random random) {
        byte[] bytes = good.get(random.nextInt(good.size())).clone();
        for (int damage = random.nextInt(5); damage > 0 && bytes.length > 0; damage--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(5));
                case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 3 -> {
                    byte[] other = good.get(random.nextInt(good.size()));
                    int length = Math.min(random.nextInt(12), Math.min(other.length, bytes.length - at));
                    System.arraycopy(other, random.nextInt(other.length - length + 1), bytes, at, length);
                }
                case 4 -> bytes[random.nextInt(Math.min(12, bytes.length))] = (byte) random.nextInt();
                default -> bytes[at] = (byte) random.nextInt();
            }
        }
        return bytes;
    }

    // ---- help ----

    private static final Object MALFORMED = "malformed!";
    private static final Object INCOMPATIBLE = "incompatible!";

    private interface Decoding {
        Object[] run() throws IncompatibleCallException;
    }

    private static Object outcome(Decoding decoding) {
        try {
            return decoding.run()[0];
        } catch (MalformedRecordException e) {
            return MALFORMED;
        } catch (IncompatibleCallException e) {
            return INCOMPATIBLE;
        }
    }

    private static Object decodeOwn(Class<?> owner, String name, Object value) throws IncompatibleCallException {
        ArgumentsCodec codec = codec(owner, name);
        return codec.decode(codec.encode(new Object[] {value}))[0];
    }

    private static Object decodeAs(String writer, Object value, String reader) throws IncompatibleCallException {
        return codec(Versions.class, reader)
                .decode(codec(Versions.class, writer).encode(new Object[] {value}))[0];
    }

    private static boolean same(Object a, Object b) {
        return Arrays.deepEquals(new Object[] {a}, new Object[] {b});
    }

    private static void assertSame(Object expected, Object found, String where) {
        assertTrue(same(expected, found), () -> where + ": " + show(expected) + ", " + show(found));
    }

    private static void assertDeepEquals(Object[] expected, Object[] found) {
        assertTrue(Arrays.deepEquals(expected, found), () -> Arrays.deepToString(found));
    }

    private static String show(Object value) {
        String text = Arrays.deepToString(new Object[] {value});
        return text.length() < 60 ? text : text.substring(0, 60);
    }

    private static long allocated(Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
