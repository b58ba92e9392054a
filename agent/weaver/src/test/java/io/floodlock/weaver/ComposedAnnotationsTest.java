package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.scan.ComposedAnnotations;
import io.floodlock.weaver.scan.MethodAnnotations;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/** Annotations of the application's that carry ours. */
class ComposedAnnotationsTest {

    @PessimisticLock(key = "order:{0}", waitTime = "1s")
    @DistributedTx
    @Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
    @interface OneOrderAtATime {
        String[] names() default {};

        Class<?> type() default Object.class;

        Deeper deeper() default @Deeper;
    }

    /** Carries what another carries, which carries it in turn. */
    @OneOrderAtATime
    @Deeper
    @SharedLock(key = "a")
    @SharedLock(key = "b")
    @Retention(RetentionPolicy.RUNTIME)
    @interface Deeper {}

    @Queued
    @interface Stored {}

    @interface Plain {}

    static class Orders {
        @Plain
        @OneOrderAtATime(
                names = {"x", "y"},
                type = String.class,
                deeper = @Deeper)
        public void place(String id) {}

        @Deeper
        public void sum() {}

        @Plain
        public void untouched() {}
    }

    static class Twice {
        @Stored
        @Queued
        void store() {}
    }

    static class Unconcerned {
        @Plain
        @Deprecated
        void untouched() {}
    }

    private final Woven woven = new Woven();

    @Test
    void whatAnAnnotationCarriesIsWoven() {
        woven.load(Orders.class);
        String name = Orders.class.getName();
        assertEquals(
                List.of(
                        "woven " + name + ".place(String): lock exclusive \"order:{0}\" waitTime 1s"
                                + " (@OneOrderAtATime's @PessimisticLock); transaction (@OneOrderAtATime's"
                                + " @DistributedTx)",
                        "woven " + name + ".sum(): lock exclusive \"order:{0}\" waitTime 1s (@Deeper's"
                                + " @PessimisticLock); transaction (@Deeper's @DistributedTx); lock shared \"a\""
                                + " (@Deeper's @SharedLock); lock shared \"b\" (@Deeper's @SharedLock)"),
                woven.decisions.stream().map(DecisionText::line).toList());
    }

    @Test
    void aClassWithoutOneIsLeftAsItIs() {
        woven.load(Unconcerned.class);
        assertEquals(List.of(), woven.decisions);
        assertFalse(new ComposedAnnotations().isIn(getClass().getClassLoader(), Woven.file(Unconcerned.class)));
        assertTrue(new ComposedAnnotations().isIn(getClass().getClassLoader(), Woven.file(Orders.class)));
    }

    @Test
    void twoOfAKindThatThereCanBeOneOfAreRefused() {
        assertThrows(ClassFormatError.class, () -> woven.initialize(Twice.class));
        assertTrue(woven.decisions.get(0).note().contains("only one @Queued"), woven.decisions.toString());
    }

    /** Legal, and common: the JVM needs no annotation's class. */
    @Test
    void anAnnotationWithoutAClassFileCarriesNothing() {
        byte[] file = annotated("Lcom/example/Gone;");
        assertEquals(Set.of("Lcom/example/Gone;"), MethodAnnotations.of(file));
        ComposedAnnotations composed = new ComposedAnnotations();
        assertFalse(composed.isIn(getClass().getClassLoader(), file));
        assertEquals(Set.of("com.example.Gone"), composed.missing());
    }

    @Test
    void annotationsOfMethodsAreReadWhateverTheirValues() {
        assertEquals(
                Set.of(
                        "L" + Plain.class.getName().replace('.', '/') + ";",
                        "L" + OneOrderAtATime.class.getName().replace('.', '/') + ";",
                        "L" + Deeper.class.getName().replace('.', '/') + ";"),
                MethodAnnotations.of(Woven.file(Orders.class)));
        byte[] whole = annotated("Lcom/example/Gone;");
        for (int length = 0; length < whole.length; length++) {
            MethodAnnotations.of(Arrays.copyOf(whole, length));
        }
    }

    private static byte[] annotated(String descriptor) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "com/example/Made", null, "java/lang/Object", null);
        writer.visitField(Opcodes.ACC_PRIVATE, "field", "J", null, 42L).visitEnd();
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "made", "()V", null, null);
        method.visitAnnotation(descriptor, false).visitEnd();
        method.visitCode();
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 1);
        method.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }
}
