package io.floodlock.weaver.scan;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Reads one annotation, as it is written, into a {@link Rule}. Annotations are recognized by descriptor only. Used by
 * {@link ClassScanner} and {@link ComposedAnnotations}.
 */
final class RuleReader extends AnnotationVisitor {

    private static final Map<String, Kind> KINDS = Map.of(
            "Lio/floodlock/SharedLock;", Kind.SHARED_LOCK,
            "Lio/floodlock/PessimisticLock;", Kind.PESSIMISTIC_LOCK,
            "Lio/floodlock/Queued;", Kind.QUEUED,
            "Lio/floodlock/DistributedTx;", Kind.DISTRIBUTED_TX);

    private static final Map<String, Kind> CONTAINERS = Map.of(
            "Lio/floodlock/SharedLocks;", Kind.SHARED_LOCK, "Lio/floodlock/PessimisticLocks;", Kind.PESSIMISTIC_LOCK);

    private final Kind kind;
    private final Consumer<Rule> rules;
    private final Map<String, List<String>> attributes = new TreeMap<>();

    private RuleReader(Kind kind, Consumer<Rule> rules) {
        super(Opcodes.ASM9);
        this.kind = kind;
        this.rules = rules;
    }

    /** Null if the annotation is not one of Floodlock's. */
    static AnnotationVisitor forAnnotation(String descriptor, Consumer<Rule> rules) {
        Kind kind = KINDS.get(descriptor);
        if (kind != null) {
            return new RuleReader(kind, rules);
        }
        return CONTAINERS.containsKey(descriptor) ? new Container(rules) : null;
    }

    @Override
    public void visit(String name, Object value) {
        attributes.computeIfAbsent(name, key -> new ArrayList<>(1)).add(text(value));
    }

    @Override
    public void visitEnum(String name, String descriptor, String value) {
        visit(name, value);
    }

    @Override
    public AnnotationVisitor visitArray(String name) {
        attributes.putIfAbsent(name, new ArrayList<>());
        return new AnnotationVisitor(Opcodes.ASM9) {
            @Override
            public void visit(String unnamed, Object value) {
                RuleReader.this.visit(name, value);
            }
        };
    }

    @Override
    public void visitEnd() {
        rules.accept(Rule.annotation(kind, attributes));
    }

    private static String text(Object value) {
        return value instanceof Type type ? type.getClassName() : value.toString();
    }

    /** The annotation that contains a repeated one. */
    private static final class Container extends AnnotationVisitor {

        private final Consumer<Rule> rules;

        Container(Consumer<Rule> rules) {
            super(Opcodes.ASM9);
            this.rules = rules;
        }

        @Override
        public AnnotationVisitor visitArray(String name) {
            return new AnnotationVisitor(Opcodes.ASM9) {
                @Override
                public AnnotationVisitor visitAnnotation(String unnamed, String descriptor) {
                    return forAnnotation(descriptor, rules);
                }
            };
        }
    }
}
