package io.floodlock.weaver.code;

import io.floodlock.runtime.call.spec.Operation;
import io.floodlock.weaver.scan.ScannedMethod;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Puts a call of the runtime, {@link Operation#ENQUEUE} or {@link Operation#AROUND}, before the rest of the method,
 * which runs only if the call returns null.
 *
 * <p>To resume a suspended Kotlin function, the runtime of Kotlin calls it again, with the function's own state machine
 * as the continuation and the sign bit of the machine's label set. That is not a call of the application's, so it goes
 * straight to the body. The woven test is the same as the one in the function's own first instructions.
 */
public final class DetourWeaver extends MethodVisitor {

    private final WovenSite site;
    private final String operation;
    private final String owner;
    private final ScannedMethod method;
    private final Type returned;

    /** @param method returns void or a reference */
    public DetourWeaver(MethodVisitor next, WovenSite site, String operation, String owner, ScannedMethod method) {
        super(Opcodes.ASM9, next);
        this.site = site;
        this.operation = operation;
        this.owner = owner;
        this.method = method;
        this.returned = Type.getReturnType(method.descriptor());
    }

    @Override
    public void visitCode() {
        super.visitCode();
        Object[] locals = site.entryFrame(owner);
        Label body = new Label();
        if (method.stateMachine() != null) {
            skipWhereResumed(locals, body);
        }
        Label diverted = new Label();
        site.loadSelf(mv);
        site.loadArray(mv);
        site.invoke(mv, operation, "(Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;");
        mv.visitInsn(Opcodes.DUP);
        mv.visitJumpInsn(Opcodes.IFNONNULL, diverted);
        mv.visitInsn(Opcodes.POP);
        mv.visitJumpInsn(Opcodes.GOTO, body);
        mv.visitLabel(diverted);
        mv.visitFrame(Opcodes.F_NEW, locals.length, locals, 1, new Object[] {"java/lang/Object"});
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
        mv.visitFrame(Opcodes.F_NEW, locals.length, locals, 0, null);
        // the body may begin with a frame of its own; two frames can't have the same offset
        mv.visitInsn(Opcodes.NOP);
    }

    private void skipWhereResumed(Object[] locals, Label body) {
        int continuation = site.lastParameter();
        Label firstCall = new Label();
        mv.visitVarInsn(Opcodes.ALOAD, continuation);
        mv.visitTypeInsn(Opcodes.INSTANCEOF, method.stateMachine());
        mv.visitJumpInsn(Opcodes.IFEQ, firstCall);
        mv.visitVarInsn(Opcodes.ALOAD, continuation);
        mv.visitTypeInsn(Opcodes.CHECKCAST, method.stateMachine());
        mv.visitFieldInsn(Opcodes.GETFIELD, method.stateMachine(), "label", "I");
        mv.visitJumpInsn(Opcodes.IFLT, body);
        mv.visitLabel(firstCall);
        mv.visitFrame(Opcodes.F_NEW, locals.length, locals, 0, null);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
        super.visitMaxs(Math.max(stack, WovenSite.STACK), locals);
    }
}
