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

    /** What to look at first. */
    Hint hint();

    /** Whether it may match a method of the class that this one belongs to; asked once per class. */
    boolean mayMatchIn(Subject anyMethod);

    /** {@code within(..)}: the class itself, or one around it. */
    record Within(TypeTest type) implements Pointcut {

        @Override
        public Hint hint() {
            return type.hint();
        }

        @Override
        public boolean mayMatchIn(Subject anyMethod) {
            return matches(anyMethod);
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
        public Hint hint() {
            return annotation.hint();
        }

        @Override
        public boolean mayMatchIn(Subject anyMethod) {
            return true;
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
        public Hint hint() {
            return Hint.NONE;
        }

        @Override
        public boolean mayMatchIn(Subject anyMethod) {
            return matches(anyMethod);
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
        public Hint hint() {
            return Hint.NONE;
        }

        @Override
        public boolean mayMatchIn(Subject anyMethod) {
            return true;
        }

        @Override
        public boolean matches(Subject subject) {
            return !negated.matches(subject);
        }
    }

    record Both(Pointcut left, Pointcut right) implements Pointcut {

        @Override
        public Hint hint() {
            return left.hint().and(right.hint());
        }

        @Override
        public boolean mayMatchIn(Subject anyMethod) {
            return left.mayMatchIn(anyMethod) && right.mayMatchIn(anyMethod);
        }

        @Override
        public boolean matches(Subject subject) {
            return left.matches(subject) && right.matches(subject);
        }
    }

    record Either(Pointcut left, Pointcut right) implements Pointcut {

        @Override
        public Hint hint() {
            return left.hint().or(right.hint());
        }

        @Override
        public boolean mayMatchIn(Subject anyMethod) {
            return left.mayMatchIn(anyMethod) || right.mayMatchIn(anyMethod);
        }

        @Override
        public boolean matches(Subject subject) {
            return left.matches(subject) || right.matches(subject);
        }
    }
}
