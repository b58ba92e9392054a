package io.floodlock.weaver.pointcut;

import java.util.List;

/** A type pattern in a pointcut. {@link TypeTests} creates instances. Immutable, thread-safe. */
sealed interface TypeTest {

    boolean matches(TypeUse type, Types types);

    /** Whether a type of that many array dimensions can match at all; a cheap test before names are compared. */
    boolean fits(TypeUse type);

    /** Whether the class itself, or an enclosing class, may match; false is certain. */
    boolean mayBeWithin(ClassSketch glance);

    /** Whether the class, or one of its supertypes, may match; false is certain. */
    boolean mayBeOf(ClassSketch glance);

    /** The pattern {@code *}, which matches every type. */
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
        public boolean mayBeWithin(ClassSketch glance) {
            return true;
        }

        @Override
        public boolean mayBeOf(ClassSketch glance) {
            return true;
        }
    }

    /**
     * One name, with or without wildcards.
     *
     * @param subtypes whether the name is followed by {@code +}
     */
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
                // supertypes of a JDK type are JDK types too
                if ((name.mayBeOfJdk() || !parent.name().startsWith("java."))
                        && (is(parent, types) || isBelow(parent, types))) {
                    return true;
                }
            }
            // Number[]+ also matches Integer[]
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
        public boolean mayBeWithin(ClassSketch glance) {
            return subtypes || glance.mayBeWithin(name);
        }

        @Override
        public boolean mayBeOf(ClassSketch glance) {
            return glance.mayBe(name);
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
        public boolean mayBeWithin(ClassSketch glance) {
            return true;
        }

        @Override
        public boolean mayBeOf(ClassSketch glance) {
            return true;
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
        public boolean mayBeWithin(ClassSketch glance) {
            return left.mayBeWithin(glance) && right.mayBeWithin(glance);
        }

        @Override
        public boolean mayBeOf(ClassSketch glance) {
            return left.mayBeOf(glance) && right.mayBeOf(glance);
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
        public boolean mayBeWithin(ClassSketch glance) {
            return left.mayBeWithin(glance) || right.mayBeWithin(glance);
        }

        @Override
        public boolean mayBeOf(ClassSketch glance) {
            return left.mayBeOf(glance) || right.mayBeOf(glance);
        }
    }

    /** Whether one of those types matches. */
    static boolean anyMatches(TypeTest test, List<TypeUse> given, Types types) {
        for (TypeUse type : given) {
            if (test.matches(type, types)) {
                return true;
            }
        }
        return false;
    }
}
