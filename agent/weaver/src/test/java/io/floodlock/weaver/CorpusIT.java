package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.scan.Refusal;
import io.floodlock.weaver.scan.UnobservableResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/** Every method of a large library, woven: the JVM's verifier accepts each, and the library still does what it did. */
class CorpusIT {

    private static final String LIBRARY = "net.bytebuddy.jar.asm.";

    private final RecordingRuntime runtime = new RecordingRuntime();

    @Test
    void theVerifierAcceptsEveryMethodOfALibrary() throws Exception {
        accepted("io.netty.", "io.netty.util.Version", 400, 2500);
    }

    /** Their methods return what goes on, and hand each other callbacks. */
    @Test
    void theVerifierAcceptsEveryMethodOfReactiveLibraries() throws Exception {
        accepted("reactor.", "reactor.core.publisher.Mono", 700, 4000);
        accepted("io.reactivex.rxjava3.", "io.reactivex.rxjava3.core.Single", 1000, 4000);
        accepted("org.redisson.", "org.redisson.Redisson", 700, 7000);
    }

    private void accepted(String library, String one, int leastClasses, int leastMethods) throws Exception {
        TestDispatcher.runtime = runtime;
        runtime.quiet = true;
        runtime.woven.clear();
        AllWoven loader = new AllWoven(runtime, library);
        int verified = 0;
        for (String name : classes(Class.forName(one, false, getClass().getClassLoader()), library)) {
            try {
                Class.forName(name, true, loader);
                verified++;
            } catch (VerifyError | ClassFormatError wovenWrong) {
                throw new AssertionError(name, wovenWrong);
            } catch (LinkageError optionalPartMissing) {
                // says nothing about weaving
            }
        }
        assertTrue(
                verified >= leastClasses && runtime.woven.size() >= leastMethods,
                library + ": " + verified + " classes, " + runtime.woven.size() + " methods");
    }

    @Test
    void aWholeLibraryIsWovenAndWorks() throws Exception {
        TestDispatcher.runtime = runtime;
        AllWoven loader = new AllWoven(runtime, LIBRARY);
        List<String> names = classes(ClassReader.class, LIBRARY);
        for (String name : names) {
            Class.forName(name, true, loader);
        }
        assertTrue(names.size() > 40 && runtime.woven.size() > 500, names.size() + ", " + runtime.woven.size());

        byte[] file = Woven.file(Orders.class);
        Object reader = loader.loadClass(LIBRARY + "ClassReader")
                .getConstructor(byte[].class)
                .newInstance((Object) file);
        Class<?> writerType = loader.loadClass(LIBRARY + "ClassWriter");
        Object writer = writerType.getConstructor(int.class).newInstance(ClassWriter.COMPUTE_MAXS);
        reader.getClass()
                .getMethod("accept", loader.loadClass(LIBRARY + "ClassVisitor"), int.class)
                .invoke(reader, writer, ClassReader.EXPAND_FRAMES);

        ClassWriter expected = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(file).accept(expected, ClassReader.EXPAND_FRAMES);
        assertArrayEquals(expected.toByteArray(), (byte[])
                writerType.getMethod("toByteArray").invoke(writer));
        assertTrue(runtime.events.size() > 10_000, "calls of woven methods: " + runtime.events.size());
    }

    private static List<String> classes(Class<?> one, String library) throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile jar = new JarFile(
                one.getProtectionDomain().getCodeSource().getLocation().getPath())) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName().replace('/', '.');
                if (name.startsWith(library) && name.endsWith(".class")) {
                    names.add(name.substring(0, name.length() - ".class".length()));
                }
            }
        }
        return names;
    }

    /** Puts the annotation on every method of the library that can be woven, and weaves it. */
    private static final class AllWoven extends ClassLoader {

        private final ClassWeaver weaver;
        private final String library;

        AllWoven(RecordingRuntime runtime, String library) {
            super(CorpusIT.class.getClassLoader());
            this.library = library;
            weaver = new ClassWeaver(runtime, TestDispatcher.class.getName().replace('.', '/'), Decisions.NONE);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null || !name.startsWith(library)) {
                    return loaded != null ? loaded : super.loadClass(name, resolve);
                }
                try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (in == null) {
                        throw new ClassNotFoundException(name);
                    }
                    byte[] file = in.readAllBytes();
                    byte[] woven = weaver.weave(this, annotated(file));
                    byte[] bytes = woven == null ? file : woven;
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException | Refusal e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }

        private static byte[] annotated(byte[] file) {
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(file)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9, writer) {
                                @Override
                                public void visit(
                                        int version,
                                        int access,
                                        String name,
                                        String signature,
                                        String parent,
                                        String[] interfaces) {
                                    // an older library's class files, whose frames are those of later ones
                                    super.visit(
                                            Math.max(version, Opcodes.V1_7),
                                            access,
                                            name,
                                            signature,
                                            parent,
                                            interfaces);
                                }

                                @Override
                                public MethodVisitor visitMethod(
                                        int access,
                                        String name,
                                        String descriptor,
                                        String signature,
                                        String[] exceptions) {
                                    MethodVisitor method =
                                            super.visitMethod(access, name, descriptor, signature, exceptions);
                                    if (!name.startsWith("<")
                                            && UnobservableResult.of(descriptor, signature) == null
                                            && (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
                                        AnnotationVisitor lock =
                                                method.visitAnnotation("Lio/floodlock/SharedLock;", false);
                                        AnnotationVisitor keys = lock.visitArray("key");
                                        keys.visit(null, "a");
                                        keys.visitEnd();
                                        lock.visitEnd();
                                    }
                                    return method;
                                }
                            },
                            0);
            return writer.toByteArray();
        }
    }
}
