package io.floodlock.weaver;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads from a class file which annotations stand on its methods, and nothing else: it runs for most classes of an application
 * that have annotations at all, so it makes no text but the names that it answers. Not thread-safe; made for one file.
 */
final class MethodAnnotations {

    private static final byte[] VISIBLE = "RuntimeVisibleAnnotations".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INVISIBLE = "RuntimeInvisibleAnnotations".getBytes(StandardCharsets.US_ASCII);

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int METHOD_HANDLE = 15;

    private final byte[] file;
    private final int[] offsets;
    private final Set<Integer> types = new HashSet<>(0);
    private int at;

    private MethodAnnotations(byte[] file) {
        this.file = file;
        this.offsets = new int[u2(8)];
    }

    /** Their descriptors; empty for bytes that are no whole class file, which the JVM will refuse. */
    static Set<String> of(byte[] file) {
        try {
            return new MethodAnnotations(file).read();
        } catch (IndexOutOfBoundsException broken) {
            return Set.of();
        }
    }

    private Set<String> read() {
        at = 10;
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = at;
            int tag = file[at];
            at += sizeOf(tag);
            if (tag == LONG || tag == DOUBLE) {
                i++;
            }
        }
        at += 6;
        at += 2 + 2 * u2(at);
        members(false);
        members(true);
        Set<String> descriptors = new HashSet<>(0);
        for (int type : types) {
            int text = offsets[type];
            descriptors.add(new String(file, text + 3, u2(text + 1), StandardCharsets.UTF_8));
        }
        return descriptors;
    }

    private int sizeOf(int tag) {
        return switch (tag) {
            case UTF8 -> 3 + u2(at + 1);
            case LONG, DOUBLE -> 9;
            case METHOD_HANDLE -> 4;
            // a class, a string, a method type, a module, a package
            case 7, 8, 16, 19, 20 -> 3;
            default -> 5;
        };
    }

    private void members(boolean methods) {
        int count = u2(at);
        at += 2;
        for (int i = 0; i < count; i++) {
            int attributes = u2(at + 6);
            at += 8;
            for (int j = 0; j < attributes; j++) {
                int end = at + 6 + u4(at + 2);
                if (methods && (is(u2(at), VISIBLE) || is(u2(at), INVISIBLE))) {
                    at += 6;
                    annotations();
                }
                at = end;
            }
        }
    }

    private void annotations() {
        int count = u2(at);
        at += 2;
        for (int i = 0; i < count; i++) {
            types.add(u2(at));
            annotation();
        }
    }

    private void annotation() {
        int pairs = u2(at + 2);
        at += 4;
        for (int i = 0; i < pairs; i++) {
            at += 2;
            value();
        }
    }

    private void value() {
        int tag = file[at++];
        switch (tag) {
            case 'e' -> at += 4;
            case '@' -> annotation();
            case '[' -> {
                int count = u2(at);
                at += 2;
                for (int i = 0; i < count; i++) {
                    value();
                }
            }
            default -> at += 2;
        }
    }

    private boolean is(int index, byte[] text) {
        int from = offsets[index];
        if (u2(from + 1) != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (file[from + 3 + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private int u2(int from) {
        return (file[from] & 0xff) << 8 | file[from + 1] & 0xff;
    }

    private int u4(int from) {
        return u2(from) << 16 | u2(from + 2);
    }
}
