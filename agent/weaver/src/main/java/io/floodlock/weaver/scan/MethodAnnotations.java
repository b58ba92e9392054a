package io.floodlock.weaver.scan;

import io.floodlock.weaver.classfile.ClassBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the annotations on the methods of a class file, and nothing else. It runs for most classes of an application
 * that have any annotations, so the only texts that it creates are the names that it returns. Not thread-safe; each
 * instance reads one file.
 */
public final class MethodAnnotations {

    private static final byte[] VISIBLE = "RuntimeVisibleAnnotations".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INVISIBLE = "RuntimeInvisibleAnnotations".getBytes(StandardCharsets.US_ASCII);

    private final byte[] file;
    private final int[] constants;
    private final Set<Integer> types = new HashSet<>(0);
    private int at;

    private MethodAnnotations(byte[] file) {
        this.file = file;
        this.constants = ClassBytes.constants(file);
    }

    /** The annotations' descriptors; empty for bytes that are not a complete class file, which the JVM will refuse. */
    public static Set<String> of(byte[] file) {
        try {
            return new MethodAnnotations(file).read();
        } catch (IndexOutOfBoundsException | IllegalArgumentException broken) {
            return Set.of();
        }
    }

    private Set<String> read() {
        at = constants[0];
        at += 6;
        at += 2 + 2 * u2(at);
        members(false);
        members(true);
        Set<String> descriptors = new HashSet<>(0);
        for (int type : types) {
            int text = constants[type];
            descriptors.add(new String(file, text + 2, u2(text), StandardCharsets.UTF_8));
        }
        return descriptors;
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
        int from = constants[index];
        return ClassBytes.is(file, from + 2, u2(from), text);
    }

    private int u2(int from) {
        return ClassBytes.u2(file, from);
    }

    private int u4(int from) {
        return ClassBytes.u4(file, from);
    }
}
