package io.floodlock.weaver.pointcut;

/** Which methods a rule means. Immutable, thread-safe. */
public sealed interface Pointcut
        permits ExecutionTest,
                Pointcut.Within,
                Pointcut.Annotated,
                Pointcut.WithinAnnotated,
                Pointcut.Not,
                Pointcut.Both,
                Pointcut.Either {

    boolean matches(Subject subject);

    /** Whether it may match a method of that class; never no where it does. */
    boolean mayMatch(ClassSketch glance);

    /** Whether it gives that class by its full name, so that one of its methods is meant. @param type binary */
    default boolean names(String type) {
        return false;
    }

    /** {@code within(..)}: the class itself, or one around it. */
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

    /** {@code @annotation(..)}. */
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
     * {@code @within(..)}: the class itself, or by inheritance where the annotation is {@code @Inherited}; a subclass's
     * constant pool does not name it then.
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
