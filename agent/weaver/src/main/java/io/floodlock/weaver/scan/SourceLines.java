package io.floodlock.weaver.scan;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Decides whether the code of a class has line numbers. Compilers write line numbers, generators of subclasses don't.
 * {@code Weaver} uses it for classes whose names are like those of generated classes.
 */
public final class SourceLines extends ClassVisitor {

    private boolean found;

    private SourceLines() {
        super(Opcodes.ASM9);
    }

    /** Whether the class file has at least one line number. */
    public static boolean in(byte[] file) {
        SourceLines lines = new SourceLines();
        new ClassReader(file).accept(lines, ClassReader.SKIP_FRAMES);
        return lines.found;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitLineNumber(int line, Label start) {
                found = true;
            }
        };
    }
}
