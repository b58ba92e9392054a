package io.floodlock.weaver.classfile;

/**
 * Finds its way in the bytes of a class file, and compares texts where they stand. The agent looks so at every class that
 * loads, before a reader makes objects of it.
 *
 * <p>A file that is cut short ends in an IndexOutOfBoundsException, as its own lengths lead beyond its end.
 */
public final class ClassBytes {

    /** The tag of a text. */
    public static final int UTF8 = 1;

    /** Where the first constant begins, at its tag. */
    public static final int FIRST = 10;

    private static final int MAGIC = 0xCAFEBABE;

    private ClassBytes() {}

    /** Whether it begins as a class file does; its constants are {@link #FIRST} to {@link #count}. */
    public static boolean isClassFile(byte[] file) {
        return file.length >= FIRST && u4(file, 0) == MAGIC;
    }

    /** One more than the highest index of a constant. */
    public static int count(byte[] file) {
        return u2(file, 8);
    }

    /** How many bytes the constant there takes, its tag included; 0 if the tag is none that is known. */
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

    /** Whether the constant there, a long or a double, takes two indices. */
    public static boolean isWide(byte[] file, int at) {
        return file[at] == 5 || file[at] == 6;
    }

    /**
     * Where the content of each constant begins, behind its tag. At index 0, which no constant has, where the pool ends; 0 at
     * the second index of a wide constant.
     *
     * @throws IllegalArgumentException if a tag is none that is known
     */
    public static int[] constants(byte[] file) {
        int[] constants = new int[Math.max(1, count(file))];
        int at = FIRST;
        for (int i = 1; i < constants.length; i++) {
            constants[i] = at + 1;
            int size = size(file, at);
            if (size == 0) {
                throw new IllegalArgumentException("a constant of tag " + file[at]);
            }
            if (isWide(file, at)) {
                i++;
            }
            at += size;
        }
        constants[0] = at;
        return constants;
    }

    /** Whether that text stands there; {@code length} is what the file says of its own. */
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
