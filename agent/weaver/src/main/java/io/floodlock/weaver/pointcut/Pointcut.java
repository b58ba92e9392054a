package io.floodlock.weaver.pointcut;

/**
 * Selects the methods to which a rule applies. {@link #mayMatch} excludes most classes quickly; {@link #matches}
 * decides for one method. {@link PointcutParser} creates instances. Immutable, thread-safe.
 */
public sealed interface Pointcut
        permits ExecutionTest,
                Pointcut.Within,
                Pointcut.Annotated,
                Pointcut.WithinAnnotated,
                Pointcut.Not,
                Pointcut.Both,
                Pointcut.Either {

    /** Whether the rule applies to the method. */
    boolean matches(Subject subject);

    /** Whether it may match a method of that class; never false if it matches one. */
    boolean mayMatch(ClassSketch glance);

    /**
     * Whether the pointcut gives that class by its full name, so that one of its methods must be intended.
     *
     * @param type binary name
     */
    default boolean names(String type) {
        return false;
    }

    /** {@code within(..)}: matches the class itself or an enclosing class. */
    record Within(TypeTest type) implements Pointcut {

        @Override
        public boolean mayMatch(ClassSketch glance) {
            return type.mayBeWithin(glance);
        }

        @Override
        public boolean matches(Subject subject) {
            TypeShape shape = subject.type;
            while (shape != null && !type.matches(TypeUse.of(shape.name()), subject.types)) {
                shape = shape.enclosing() == null ? null : subject.types.find(shape.enclosing());
            }
            return shape != null;
        }
    }

    /** {@code @annotation(..)}: matches an annotation of the method. */
    record Annotated(AnnotationName annotation) implements Pointcut {

        @Override
        public boolean mayMatch(ClassSketch glance) {
            return annotation.mayBeIn(glance);
        }

        @Override
        public boolean matches(Subject subject) {
            return annotation.isAmong(subject.method.annotations());
        }
    }

    /**
     * {@code @within(..)}: matches an annotation of the class, or one inherited from a superclass if the annotation
     * is {@code @Inherited}. The constant pool of a subclass does not contain an inherited annotation.
     */
    record WithinAnnotated(AnnotationName annotation) implements Pointcut {

        @Override
        public boolean mayMatch(ClassSketch glance) {
            return annotation.mayBeIn(glance) || glance.inherits() && annotation.isInherited(glance.types());
        }

        @Override
        public boolean matches(Subject subject) {
            TypeShape shape = subject.type;
            if (annotation.isAmong(shape.annotations())) {
                return true;
            }
            if (shape.superclass() == null
                    || shape.superclass().equals(TypeUse.OBJECT)
                    || !annotation.isInherited(subject.types)) {
                return false;
            }
            while (shape != null && shape.superclass() != null) {
                shape = subject.types.find(shape.superclass().name());
                if (shape != null && annotation.isAmong(shape.annotations())) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Pointcut negated) implements Pointcut {

        @Override
        public boolean mayMatch(ClassSketch glance) {
            return true;
        }

        @Override
        public boolean matches(Subject subject) {
            return !negated.matches(subject);
        }
    }

    record Both(Pointcut left, Pointcut right) implements Pointcut {

        @Override
        public boolean mayMatch(ClassSketch glance) {
            return left.mayMatch(glance) && right.mayMatch(glance);
        }

        @Override
        public boolean matches(Subject subject) {
            return left.matches(subject) && right.matches(subject);
        }

        @Override
        public boolean names(String type) {
            return left.names(type) || right.names(type);
        }
    }

    record Either(Pointcut left, Pointcut right) implements Pointcut {

        @Override
        public boolean mayMatch(ClassSketch glance) {
            return left.mayMatch(glance) || right.mayMatch(glance);
        }

        @Override
        public boolean matches(Subject subject) {
            return left.matches(subject) || right.matches(subject);
        }
    }
}
