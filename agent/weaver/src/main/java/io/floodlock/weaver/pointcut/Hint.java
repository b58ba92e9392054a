package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a class must show, by its name and by its constant pool, for a pointcut to match in it. It may let through what does
 * not match, and never keeps out what does: a declaring type says nothing of a class's name, as implementors may have any.
 * Immutable.
 *
 * @param names of the class's binary name; null where any may match
 * @param needles one of which the constant pool must have; null where nothing is known
 */
public record Hint(Predicate<String> names, List<Needle> needles) {

    static final Hint NONE = new Hint(null, null);

    static Hint ofName(Predicate<String> names) {
        return new Hint(names, null);
    }

    static Hint ofTexts(List<Needle> needles) {
        return new Hint(null, needles);
    }

    Hint and(Hint other) {
        Predicate<String> both = names == null ? other.names : other.names == null ? names : names.and(other.names);
        // either list would do, and fewer texts keep out more
        boolean theirs = needles == null || other.needles != null && other.needles.size() < needles.size();
        return new Hint(both, theirs ? other.needles : needles);
    }

    Hint or(Hint other) {
        Predicate<String> either = names == null || other.names == null ? null : names.or(other.names);
        if (needles == null || other.needles == null) {
            return new Hint(either, null);
        }
        List<Needle> all = new ArrayList<>(needles);
        all.addAll(other.needles);
        return new Hint(either, all);
    }

    /** @param name binary */
    public boolean fitsName(String name) {
        return names == null || names.test(name);
    }

    /** Whether the constant pool can tell more. */
    public boolean asksForText() {
        return needles != null;
    }

    /** Whether one of the wanted texts stands there, in the form of class files. */
    public boolean isText(byte[] file, int at, int length) {
        for (Needle needle : needles) {
            if (needle.matches(file, at, length)) {
                return true;
            }
        }
        return false;
    }
}
