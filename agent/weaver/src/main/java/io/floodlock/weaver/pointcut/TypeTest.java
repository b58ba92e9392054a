package io.floodlock.weaver.pointcut;

import java.util.List;

/** A type pattern. Immutable, thread-safe. */
sealed interface TypeTest {

    boolean matches(TypeUse type, Types types);

    /** Whether a type of that many dimensions can match at all; asked of results before their names. */
    boolean fits(TypeUse type);

    /** Whether the class itself, or one around it, may match. */
    boolean mayBeWithin(ClassSketch glance);

    /** Whether the class, or something above it, may match. */
    boolean mayBeOf(ClassSketch glance);

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
        public boolean mayBeWithin(ClassSketch glance) {
            return true;
        }

        @Override
        public boolean mayBeOf(ClassSketch glance) {
            return true;
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
