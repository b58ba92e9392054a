package io.floodlock.weaver.pointcut;

import io.floodlock.weaver.classfile.ClassBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The parts of a class file that can be seen without reading it completely: its name, the names of its supertypes,
 * the names and parameter counts of its methods, and whether it mentions an annotation. Every class that loads is
 * examined in this way, so texts stay bytes and the other parts of the file are skipped. {@link Pointcut#mayMatch}
 * uses it to exclude most classes. For one thread.
 *
 * <p>Guarantee: a test is never false if a method of the class matches the pointcut. Each supertype is read once for
 * all its subclasses, and not at all if the JVM has passed its file to the agent before. Most classes are excluded
 * before any supertype is needed.
 */
public final class ClassSketch {

    private static final String[] NONE = {};
    private static final byte[] VISIBLE = "RuntimeVisibleAnnotations".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INVISIBLE = "RuntimeInvisibleAnnotations".getBytes(StandardCharsets.US_ASCII);

    private final byte[] file;
    private final ClassFiles files;
    private final String name;
    /** Offsets of the contents of the constants, after their tags. */
    private final int[] constants;

    private final String[] parents;
    /** For each method three elements: access flags, then name and descriptor as constant indices. */
    private final int[] methods;
    /** Slots of the first two characters of the method names; they show for most names that no such method exists. */
    private final boolean[] beginnings = new boolean[Needle.SLOTS];

    /**
     * Offsets of the text constants that may be descriptors of annotations; empty if nothing in the class is
     * annotated. Null until first needed.
     */
    private int[] descriptors;

    private Set<String> above;
    private Set<String> aboveWithJdk;

    private ClassSketch(byte[] file, String name, ClassFiles files) {
        this.file = file;
        this.files = files;
        this.name = name;
        constants = ClassBytes.constants(file);
        int at = constants[0];
        parents = parents(at);
        methods = methods(at + 8 + 2 * u2(at + 6));
    }

    /**
     * Creates the sketch of a class file.
     *
     * @param name binary name of the class
     * @return null if the file can't be read in this way, so that nothing is known about the class
     */
    public static ClassSketch of(byte[] file, String name, ClassFiles files) {
        if (!ClassBytes.isClassFile(file)) {
            return null;
        }
        try {
            ClassSketch glance = new ClassSketch(file, name, files);
            files.remember(name, glance.parents);
            return glance;
        } catch (IndexOutOfBoundsException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    /** Binary names of the direct supertypes that a class file declares; none if it can't be read. */
    static String[] parents(byte[] file, String name, ClassFiles files) {
        ClassSketch glance = of(file, name, files);
        return glance == null ? NONE : glance.parents;
    }

    private String[] parents(int at) {
        int superclass = u2(at + 4);
        int interfaces = u2(at + 6);
        String[] names = new String[interfaces + (superclass == 0 ? 0 : 1)];
        for (int i = 0; i < interfaces; i++) {
            names[i] = className(u2(at + 8 + 2 * i));
        }
        if (superclass != 0) {
            names[interfaces] = className(superclass);
        }
        return names;
    }

    private String className(int constant) {
        int text = constants[u2(constants[constant])];
        int length = u2(text);
        for (int i = 0; i < length; i++) {
            // class files use their own encoding (modified UTF-8) for zero and for characters beyond 16 bits
            if ((file[text + 2 + i] & 0xff) == 0xc0 || (file[text + 2 + i] & 0xff) == 0xed) {
                throw new IllegalArgumentException("an unusual name");
            }
        }
        return new String(file, text + 2, length, StandardCharsets.UTF_8).replace('/', '.');
    }

    private int[] methods(int at) {
        at = members(at, null);
        int[] found = new int[3 * u2(at)];
        members(at, found);
        for (int i = 0; i < found.length; i += 3) {
            int text = constants[found[i + 1]];
            if (u2(text) > 1) {
                beginnings[Needle.slot(file, text + 2)] = true;
            }
        }
        return found;
    }

    /**
     * Reads the fields, or the methods, that start at that offset.
     *
     * @param found receives the methods; null to skip
     * @return the offset after them
     */
    private int members(int at, int[] found) {
        int count = u2(at);
        at += 2;
        for (int i = 0; i < count; i++) {
            if (found != null) {
                found[3 * i] = u2(at);
                found[3 * i + 1] = u2(at + 2);
                found[3 * i + 2] = u2(at + 4);
            }
            int attributes = u2(at + 6);
            at += 8;
            for (int j = 0; j < attributes; j++) {
                at += 6 + ClassBytes.u4(file, at + 2);
            }
        }
        return at;
    }

    /**
     * Whether the class declares a method, not a constructor, with that name, those modifiers and that number of
     * parameters.
     */
    boolean declares(ExecutionTest sought) {
        Needle needle = sought.needle();
        if (needle != null && !needle.mayBeAmong(beginnings)) {
            return false;
        }
        for (int i = 0; i < methods.length; i += 3) {
            int text = constants[methods[i + 1]];
            int length = u2(text);
            if (file[text + 2] != '<'
                    && (needle == null || needle.matches(file, text + 2, length))
                    && sought.fits(methods[i], parameters(constants[methods[i + 2]] + 3))) {
                return true;
            }
        }
        return false;
    }

    private int parameters(int at) {
        int count = 0;
        for (; file[at] != ')'; at++, count++) {
            while (file[at] == '[') {
                at++;
            }
            if (file[at] == 'L') {
                while (file[at] != ';') {
                    at++;
                }
            }
        }
        return count;
    }

    /** Whether one of those annotations may be present on the class or on anything in it. */
    boolean mayCarry(List<Needle> sought) {
        for (int text : descriptors()) {
            for (Needle each : sought) {
                if (each.matches(file, text + 2, u2(text))) {
                    return true;
                }
            }
        }
        return false;
    }

    private int[] descriptors() {
        if (descriptors == null) {
            int[] found = new int[constants.length];
            int count = 0;
            boolean annotated = false;
            for (int i = 1; i < constants.length; i++) {
                int at = constants[i];
                if (at == 0 || file[at - 1] != ClassBytes.UTF8) {
                    continue;
                }
                int length = u2(at);
                if (length > 2 && file[at + 2] == 'L' && file[at + 1 + length] == ';') {
                    found[count++] = at;
                } else {
                    annotated |= ClassBytes.is(file, at + 2, length, VISIBLE)
                            || ClassBytes.is(file, at + 2, length, INVISIBLE);
                }
            }
            descriptors = Arrays.copyOf(found, annotated ? count : 0);
        }
        return descriptors;
    }

    /** Whether the class itself, or an enclosing class, may have that name. */
    boolean mayBeWithin(TypeName type) {
        return type.mayMatchClass(name);
    }

    /** Whether the class or one of its supertypes may have that name. */
    boolean mayBe(TypeName type) {
        if (type.mayMatchClass(name) || mayBeOneOf(type, above())) {
            return true;
        }
        return type.mayBeOfJdk() && (type.mayMatchClass(TypeUse.OBJECT.name()) || mayBeOneOf(type, aboveWithJdk()));
    }

    private static boolean mayBeOneOf(TypeName type, Set<String> names) {
        for (String each : names) {
            if (type.mayMatchClass(each)) {
                return true;
            }
        }
        return false;
    }

    /** All supertypes outside the {@code java.} packages. */
    private Set<String> above() {
        if (above == null) {
            above = new LinkedHashSet<>();
            climb(parents, above, false);
        }
        return above;
    }

    private Set<String> aboveWithJdk() {
        if (aboveWithJdk == null) {
            aboveWithJdk = new LinkedHashSet<>();
            climb(parents, aboveWithJdk, true);
        }
        return aboveWithJdk;
    }

    private void climb(String[] names, Set<String> into, boolean withJdk) {
        for (String each : names) {
            if ((withJdk || !each.startsWith("java.")) && into.add(each)) {
                climb(files.parents(each), into, withJdk);
            }
        }
    }

    /** Whether the class may inherit annotations from a superclass. */
    boolean inherits() {
        return parents.length > 0 && !parents[parents.length - 1].equals(TypeUse.OBJECT.name());
    }

    Types types() {
        return files;
    }

    private int u2(int at) {
        return ClassBytes.u2(file, at);
    }
}
