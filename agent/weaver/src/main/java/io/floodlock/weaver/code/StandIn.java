package io.floodlock.weaver.code;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * The class that loads in place of a refused class: the same name, supertypes, members and annotations, but no code of
 * the application's. Its initializer and each of its methods fail with the reason and the remedy. If the class did not
 * load at all, each library that looks at it would request it again, and report a damaged file.
 *
 * <pre>
 * use of the class                                   result
 * read it, by reflection or as bytes                 shows what the application's class declares
 * call, create it or a subclass, read a field        ClassFormatError with the reason, from the initializer
 * the same once more                                 NoClassDefFoundError, whose cause is that error
 * </pre>
 *
 * An interface has no stand-in. If it declares no default method, the JVM initializes a class that implements it
 * without initializing the interface, so that class would run unprotected. {@code Weaver} calls {@link #of}.
 */
public final class StandIn extends ClassVisitor {

    private static final String ERROR = "java/lang/ClassFormatError";

    /** Far below the length limit of a string constant. */
    private static final int LONGEST = 8_000;

    private static final String INITIALIZER = "<clinit>";

    private final String reason;

    private StandIn(ClassVisitor next, String reason) {
        super(Opcodes.ASM9, next);
        this.reason = reason.length() > LONGEST ? reason.substring(0, LONGEST) : reason;
    }

    /** Null if there can be no stand-in. */
    public static byte[] of(byte[] file, String reason) {
        try {
            ClassReader reader = new ClassReader(file);
            if ((reader.getAccess() & (Opcodes.ACC_INTERFACE | Opcodes.ACC_MODULE)) != 0) {
                return null;
            }
            ClassWriter writer = new ClassWriter(0);
            reader.accept(new StandIn(writer, reason), ClassReader.SKIP_CODE);
            return writer.toByteArray();
        } catch (RuntimeException unreadable) {
            return null;
        }
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        if (name.equals(INITIALIZER)) {
            return null;
        }
        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
        if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
            return method;
        }
        int locals = (access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
        for (Type parameter : Type.getArgumentTypes(descriptor)) {
            locals += parameter.getSize();
        }
        return new Failing(method, locals);
    }

    @Override
    public void visitEnd() {
        new Failing(super.visitMethod(Opcodes.ACC_STATIC, INITIALIZER, "()V", null, null), 0).visitEnd();
        super.visitEnd();
    }

    /** Keeps the declaration of a method and gives it a body that throws. */
    private final class Failing extends MethodVisitor {

        private final int locals;

        Failing(MethodVisitor next, int locals) {
            super(Opcodes.ASM9, next);
            this.locals = locals;
        }

        @Override
        public void visitEnd() {
            mv.visitCode();
            mv.visitTypeInsn(Opcodes.NEW, ERROR);
            mv.visitInsn(Opcodes.DUP);
            mv.visitLdcInsn(reason);
            mv.visitMethodInsn(Opcodes.INVOKESPECIAL, ERROR, "<init>", "(Ljava/lang/String;)V", false);
            mv.visitInsn(Opcodes.ATHROW);
            mv.visitMaxs(3, locals);
            super.visitEnd();
        }
    }
}
