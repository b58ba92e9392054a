package io.floodlock.weaver.classfile;

/**
 * Reads positions and lengths in the bytes of a class file, and compares texts in place. The agent applies these
 * methods to every class that loads, before any reader creates objects for it.
 *
 * <p>A truncated file causes an IndexOutOfBoundsException, because the lengths in it point beyond its end.
 */
public final class ClassBytes {

    /** The tag of a text constant, CONSTANT_Utf8. */
    public static final int UTF8 = 1;

    /** Offset of the first constant, at its tag. */
    public static final int FIRST = 10;

    private static final int MAGIC = 0xCAFEBABE;

    private ClassBytes() {}

    /**
     * Whether the bytes start with the magic number of a class file. Its constants have the indices 1 to
     * {@link #count} - 1 and start at offset {@link #FIRST}.
     */
    public static boolean isClassFile(byte[] file) {
        return file.length >= FIRST && u4(file, 0) == MAGIC;
    }

    /** The constant pool count: one more than the highest index of a constant. */
    public static int count(byte[] file) {
        return u2(file, 8);
    }

    /** Size in bytes of the constant at that offset, including its tag; 0 if the tag is unknown. */
    public static int size(byte[] file, int at) {
        return switch (file[at]) {
            case UTF8 -> 3 + u2(file, at + 1);
            case 7, 8, 16, 19, 20 -> 3; // Class, String, MethodType, Module, Package
            case 15 -> 4; // MethodHandle
            case 5, 6 -> 9; // Long, Double
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 5; // Integer, Float, members, NameAndType, Dynamic
            default -> 0;
        };
    }

    /** Whether the constant at that offset is a long or a double, which takes two indices. */
    public static boolean isWide(byte[] file, int at) {
        return file[at] == 5 || file[at] == 6;
    }

    /**
     * Offsets of the content of each constant, after its tag. Element 0, an index that no constant has, is the offset
     * at which the pool ends. The second index of a wide constant has the value 0.
     *
     * @throws IllegalArgumentException if a tag is unknown
     */
    public static int[] constants(byte[] file) {
        int[] constants = new int[Math.max(1, count(file))];
        int at = FIRST;
        for (int i = 1; i < constants.length; i++) {
            constants[i] = at + 1;
            int size = size(file, at);
            if (size == 0) {
                throw new IllegalArgumentException("unknown constant pool tag " + file[at]);
            }
            if (isWide(file, at)) {
                i++;
            }
            at += size;
        }
        constants[0] = at;
        return constants;
    }

    /**
     * Whether the file has that text at that offset; {@code length} is the length that the file declares for its
     * text.
     */
    public static boolean is(byte[] file, int at, int length, byte[] text) {
        return length == text.length && startsWith(file, at, text);
    }

    public static boolean startsWith(byte[] file, int at, byte[] text) {
        if (at + text.length > file.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (file[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    public static int u2(byte[] file, int at) {
        return (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
    }

    public static int u4(byte[] file, int at) {
        return u2(file, at) << 16 | u2(file, at + 2);
    }
}
