package io.floodlock.weaver;

import java.util.List;

/** Which constructors of a class tell the runtime of the instance as they return. */
final class Constructors {

    private Constructors() {}

    /**
     * All, as each may be the one that a caller uses. Through {@code this(..)} the runtime hears of one instance more than
     * once, first when the innermost frame returns.
     */
    static List<ScannedMethod> toHearOf(ScannedClass type) {
        return type.methods().stream()
                .filter(method -> method.name().equals("<init>"))
                .toList();
    }
}
