package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.launcher.app.Loads;
import io.floodlock.launcher.app.Refused;
import io.floodlock.launcher.app.RefusedByRuntime;
import io.floodlock.launcher.app.Shop;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.io.TempDir;

/** A class that asks for protection and can't have it does not load, unless the user says so. */
class FailClosedIT {

    @TempDir
    Path folder;

    @PerJdk
    void refusesWithTheReasonAndLeavesOthersAlone(Jdk jdk) throws IOException {
        Path old = oldClass();
        try (ForkedJvm jvm = program(jdk, old).start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals(
                    List.of(
                            "refused com.example.Old with ClassFormatError",
                            "refused " + Refused.class.getName() + " with ClassFormatError",
                            "refused " + RefusedByRuntime.class.getName() + " with ClassFormatError",
                            "loaded " + Shop.class.getName()),
                    results(jvm));
            String log = jvm.output();
            assertTrue(
                    log.contains(
                            "com.example.Old.locked()V carries @PessimisticLock, but its class file has version 49"),
                    log);
            assertTrue(log.contains("Compile the class for Java 7 or later."), log);
            assertTrue(log.contains("Refused.asynchronous()Ljava/util/concurrent/Future; carries"), log);
            assertTrue(log.contains("RefusedByRuntime.uncheckable is refused by the runtime."), log);
            assertTrue(log.contains("floodlock.on-failure=warn"), log);
        }
    }

    @PerJdk
    void loadsThemWithAWarningWhenToldTo(Jdk jdk) throws IOException {
        Path old = oldClass();
        try (ForkedJvm jvm =
                program(jdk, old).property("floodlock.on-failure", "warn").start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals(
                    List.of(
                            "loaded com.example.Old",
                            "loaded " + Refused.class.getName(),
                            "loaded " + RefusedByRuntime.class.getName(),
                            "loaded " + Shop.class.getName()),
                    results(jvm));
            assertTrue(jvm.output().contains("The class loads UNPROTECTED"), jvm.output());
        }
    }

    @PerJdk
    void withoutTheAgentAllOfThemLoad(Jdk jdk) throws IOException {
        try (ForkedJvm jvm = App.main(Loads.class, jdk)
                .classPath(App.CLASSES, App.ANNOTATIONS, oldClass())
                .args("com.example.Old", Refused.class.getName())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals("loaded com.example.Old\nloaded " + Refused.class.getName(), jvm.output());
        }
    }

    private ForkedJvm.Builder program(Jdk jdk, Path old) {
        return App.main(Loads.class, jdk)
                .jvmArgs(RecordingAgent.option())
                .classPath(App.CLASSES, App.ANNOTATIONS, old)
                .args(
                        "com.example.Old",
                        Refused.class.getName(),
                        RefusedByRuntime.class.getName(),
                        Shop.class.getName());
    }

    private static List<String> results(ForkedJvm jvm) {
        return jvm.lines().stream()
                .filter(line -> line.startsWith("loaded ") || line.startsWith("refused "))
                .toList();
    }

    /** A class file of Java 5 with an annotated method; no compiler of today makes one. */
    private Path oldClass() throws IOException {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V1_5, Opcodes.ACC_PUBLIC, "com/example/Old", null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "locked", "()V", null, null);
        AnnotationVisitor lock = method.visitAnnotation("Lio/floodlock/PessimisticLock;", false);
        AnnotationVisitor keys = lock.visitArray("key");
        keys.visit(null, "a");
        keys.visitEnd();
        lock.visitEnd();
        method.visitCode();
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 1);
        method.visitEnd();
        Path file = folder.resolve("com/example/Old.class");
        Files.createDirectories(file.getParent());
        Files.write(file, writer.toByteArray());
        return folder;
    }
}
