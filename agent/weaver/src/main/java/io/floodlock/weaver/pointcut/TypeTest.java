package io.floodlock.weaver.pointcut;

import java.util.List;

/** A type pattern. Immutable, thread-safe. */
sealed interface TypeTest {

    boolean matches(TypeUse type, Types types);

    /** Whether a type of that many dimensions can match at all; asked of results before their names. */
    boolean fits(TypeUse type);

    /** What the name of a class tells of whether it, or one around it, matches. */
    Hint hint();

    /** {@code *}. */
    record Any() implements TypeTest {

        @Override
        public boolean matches(TypeUse type, Types types) {
            return true;
        }

        @Override
        public boolean fits(TypeUse type) {
            return true;
        }

        @Override
        public Hint hint() {
            return Hint.NONE;
        }
    }

    /** One name, with or without wildcards. */
    record Named(TypeName name, int dimensions, boolean subtypes) implements TypeTest {

        @Override
        public boolean matches(TypeUse type, Types types) {
            return is(type, types) || subtypes && isBelow(type, types);
        }

        private boolean is(TypeUse type, Types types) {
            return fits(type) && name.matches(type, types);
        }

        private boolean isBelow(TypeUse type, Types types) {
            for (TypeUse parent : Hierarchy.parents(type, types)) {
                // what is above a type of the JDK's is of the JDK too
                if ((name.mayBeOfJdk() || !parent.name().startsWith("java."))
                        && (is(parent, types) || isBelow(parent, types))) {
                    return true;
                }
            }
            // Number[]+ is Integer[] too
            return type.dimensions() > 0
                    && dimensions > 0
                    && name.isLiteral()
                    && new Named(name, dimensions - 1, true).matches(type.component(), types);
        }

        @Override
        public boolean fits(TypeUse type) {
            return type.dimensions() == dimensions || dimensions == 0 && name.endsOpen();
        }

        @Override
        public Hint hint() {
            return subtypes ? Hint.NONE : Hint.ofName(name::mayMatchClass);
        }
    }

    record Not(TypeTest negated) implements TypeTest {

        @Override
        public boolean matches(TypeUse type, Types types) {
            return !negated.matches(type, types);
        }

        @Override
        public boolean fits(TypeUse type) {
            return true;
        }

        @Override
        public Hint hint() {
            return Hint.NONE;
        }
    }

    record Both(TypeTest left, TypeTest right) implements TypeTest {

        @Override
        public boolean matches(TypeUse type, Types types) {
            return left.matches(type, types) && right.matches(type, types);
        }

        @Override
        public boolean fits(TypeUse type) {
            return left.fits(type) && right.fits(type);
        }

        @Override
        public Hint hint() {
            return left.hint().and(right.hint());
        }
    }

    record Either(TypeTest left, TypeTest right) implements TypeTest {

        @Override
        public boolean matches(TypeUse type, Types types) {
            return left.matches(type, types) || right.matches(type, types);
        }

        @Override
        public boolean fits(TypeUse type) {
            return left.fits(type) || right.fits(type);
        }

        @Override
        public Hint hint() {
            return left.hint().or(right.hint());
        }
    }

    /** The types of a method's parameters, or of its throws clause. */
    static boolean anyMatches(TypeTest test, List<TypeUse> given, Types types) {
        for (TypeUse type : given) {
            if (test.matches(type, types)) {
                return true;
            }
        }
        return false;
    }
}
