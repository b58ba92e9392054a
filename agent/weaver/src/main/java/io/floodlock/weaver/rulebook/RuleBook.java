package io.floodlock.weaver.rulebook;

import io.floodlock.weaver.scan.Refusal;
import io.floodlock.weaver.scan.ScannedClass;
import net.bytebuddy.jar.asm.ClassReader;

/**
 * Rules for methods that nobody has annotated. This one has none; it is a class rather than an interface so that a start
 * without a rules file loads no other. Thread-safe.
 */
public class RuleBook {

    public static final RuleBook NONE = new RuleBook();

    /**
     * Whether a rule may name a method of that class; never false where one does.
     *
     * @param name internal
     */
    public boolean mayName(ClassLoader loader, String name, byte[] file) {
        return false;
    }

    /**
     * The class as it is to be woven: what rules say of its methods stands beside their annotations, or instead of them.
     *
     * @throws Refusal if rules contradict each other
     */
    public ScannedClass applied(ClassLoader loader, byte[] file, ClassReader reader, ScannedClass type) throws Refusal {
        return type;
    }

    /** How many rules it has. */
    public int size() {
        return 0;
    }

    /** Hears of a class that is not woven because a generator made it. */
    public void generated(ClassLoader loader, byte[] file) {}
}
