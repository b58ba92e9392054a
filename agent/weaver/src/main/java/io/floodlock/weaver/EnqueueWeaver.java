package io.floodlock.weaver;

import io.floodlock.runtime.call.Operation;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Asks {@link Operation#ENQUEUE} first; runs the rest of the method only where that answers null. */
final class EnqueueWeaver extends MethodVisitor {

    private final WovenSite site;
    private final String owner;
    private final Type returned;

    /** @param descriptor of a method that returns void or a reference */
    EnqueueWeaver(MethodVisitor next, WovenSite site, String owner, String descriptor) {
        super(Opcodes.ASM9, next);
        this.site = site;
        this.owner = owner;
        this.returned = Type.getReturnType(descriptor);
    }

    @Override
    public void visitCode() {
        super.visitCode();
        Label body = new Label();
        site.loadSelf(mv);
        site.loadArray(mv);
        site.invoke(mv, Operation.ENQUEUE, "(Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;");
        mv.visitInsn(Opcodes.DUP);
        mv.visitJumpInsn(Opcodes.IFNULL, body);
        if (returned.getSort() == Type.VOID) {
            mv.visitInsn(Opcodes.RETURN);
        } else {
            mv.visitTypeInsn(Opcodes.CHECKCAST, "[Ljava/lang/Object;");
            mv.visitInsn(Opcodes.ICONST_0);
            mv.visitInsn(Opcodes.AALOAD);
            mv.visitTypeInsn(Opcodes.CHECKCAST, returned.getInternalName());
            mv.visitInsn(Opcodes.ARETURN);
        }
        mv.visitLabel(body);
        Object[] locals = site.entryFrame(owner);
        mv.visitFrame(Opcodes.F_NEW, locals.length, locals, 1, new Object[] {"java/lang/Object"});
        mv.visitInsn(Opcodes.POP);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
        super.visitMaxs(Math.max(stack, WovenSite.STACK), locals);
    }
}
