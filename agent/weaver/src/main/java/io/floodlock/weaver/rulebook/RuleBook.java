package io.floodlock.weaver.rulebook;

import io.floodlock.weaver.scan.Refusal;
import io.floodlock.weaver.scan.ScannedClass;
import net.bytebuddy.jar.asm.ClassReader;

/**
 * Rules for methods without annotations. This class has none; {@link FileRules} has the rules of a file. It is a
 * class rather than an interface so that a start without a rules file loads no other class. The weaver calls it for
 * each class that loads. Thread-safe.
 */
public class RuleBook {

    public static final RuleBook NONE = new RuleBook();

    /**
     * Whether a rule may match a method of that class. False is certain; true is not.
     *
     * @param name internal name
     */
    public boolean mayName(ClassLoader loader, String name, byte[] file) {
        return false;
    }

    /**
     * The class with the rules applied: the rules of this book are added to the annotations of a method, or replace
     * those of the same kind.
     *
     * @throws Refusal if rules contradict each other
     */
    public ScannedClass applied(ClassLoader loader, byte[] file, ClassReader reader, ScannedClass type) throws Refusal {
        return type;
    }

    /** Number of rules. */
    public int size() {
        return 0;
    }

    /** Called for a class that is not woven because a generator made it. */
    public void generated(ClassLoader loader, byte[] file) {}
}
