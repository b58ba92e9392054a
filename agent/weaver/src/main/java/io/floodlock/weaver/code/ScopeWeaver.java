package io.floodlock.weaver.code;

import io.floodlock.runtime.call.spec.Operation;
import io.floodlock.weaver.scan.ScannedMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Puts a method's body between {@link Operation#ENTER} and {@link Operation#EXIT}, or an interceptor between the
 * operations of a boundary.
 *
 * <pre>
 *   permit = enter(self, args)          not guarded: if it throws, neither body nor exit runs
 *   permit is an array: return its element    only if calls may be skipped
 *   body                                guarded, except for each
 *     exit(permit, null); return        so that no second exit follows a failing one;
 *                                       leave(permit, value) if the value may stand for unfinished work
 *   handler: exit(permit, thrown); throw thrown
 * </pre>
 *
 * The permit has a local of its own behind all locals of the body. So no instruction of the body changes, and the
 * body's stack map frames only grow by that local. The handler's frame declares nothing but the permit, because a body
 * may reuse the locals of its parameters for other types. Frames are never computed, because that would load the
 * application's classes.
 */
public final class ScopeWeaver extends MethodVisitor {

    private static final String PERMIT = "java/lang/Object";

    private final WovenSite site;
    private final String enter;
    private final String exit;
    private final int permit;
    private final String lateResult;

    /** The type of the result that a skipped call returns; null if calls can't be skipped. */
    private final Type skips;

    private final String owner;
    private final List<Label> ranges = new ArrayList<>();
    private Label start;

    /**
     * Around the body of a method with rules.
     *
     * @param owner the internal name of the method's class
     */
    public static ScopeWeaver ofLocks(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
        return new ScopeWeaver(next, site, Operation.ENTER, Operation.EXIT, owner, method, method.maySkip());
    }

    /**
     * Around an interceptor's method that runs other methods in transactions. Any of these may be skipped; the method
     * returns an object.
     */
    static ScopeWeaver ofBoundary(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
        return new ScopeWeaver(next, site, Operation.BOUNDARY_ENTER, Operation.BOUNDARY_EXIT, owner, method, true);
    }

    private ScopeWeaver(
            MethodVisitor next,
            WovenSite site,
            String enter,
            String exit,
            String owner,
            ScannedMethod method,
            boolean maySkip) {
        super(Opcodes.ASM9, next);
        this.owner = owner;
        this.skips = maySkip ? Type.getReturnType(method.descriptor()) : null;
        this.site = site;
        this.enter = enter;
        this.exit = exit;
        this.permit = method.maxLocals();
        this.lateResult = method.mayReturnUnfinishedWork()
                ? Type.getReturnType(method.descriptor()).getInternalName()
                : null;
    }

    /** How many locals a method has at most once it is woven. */
    public static int localsOf(ScannedMethod method) {
        return method.maxLocals() + 1;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        site.loadSelf(mv);
        site.loadArray(mv);
        site.invoke(mv, enter, "(Ljava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;");
        if (skips != null) {
            skip();
        }
        mv.visitVarInsn(Opcodes.ASTORE, permit);
        startGuard();
    }

    /**
     * Returns if the result of the enter operation is not a permit but an array; its element is the value to return.
     */
    private void skip() {
        Label permitted = new Label();
        mv.visitInsn(Opcodes.DUP);
        mv.visitTypeInsn(Opcodes.INSTANCEOF, "[Ljava/lang/Object;");
        mv.visitJumpInsn(Opcodes.IFEQ, permitted);
        if (skips.getSort() == Type.VOID) {
            mv.visitInsn(Opcodes.RETURN);
        } else {
            mv.visitTypeInsn(Opcodes.CHECKCAST, "[Ljava/lang/Object;");
            mv.visitInsn(Opcodes.ICONST_0);
            mv.visitInsn(Opcodes.AALOAD);
            mv.visitTypeInsn(Opcodes.CHECKCAST, skips.getInternalName());
            mv.visitInsn(Opcodes.ARETURN);
        }
        Object[] locals = site.entryFrame(owner);
        mv.visitLabel(permitted);
        mv.visitFrame(Opcodes.F_NEW, locals.length, locals, 1, new Object[] {PERMIT});
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode < Opcodes.IRETURN || opcode > Opcodes.RETURN) {
            super.visitInsn(opcode);
            return;
        }
        endGuard();
        mv.visitVarInsn(Opcodes.ALOAD, permit);
        if (lateResult == null) {
            mv.visitInsn(Opcodes.ACONST_NULL);
            exit();
        } else {
            leave();
        }
        super.visitInsn(opcode);
        startGuard();
    }

    @Override
    public void visitFrame(int type, int localCount, Object[] locals, int stackCount, Object[] stack) {
        List<Object> all = new ArrayList<>(Arrays.asList(locals).subList(0, localCount));
        int slots = 0;
        for (Object local : all) {
            slots += local == Opcodes.LONG || local == Opcodes.DOUBLE ? 2 : 1;
        }
        for (; slots < permit; slots++) {
            all.add(Opcodes.TOP);
        }
        all.add(PERMIT);
        super.visitFrame(type, all.size(), all.toArray(), stackCount, stack);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
        endGuard();
        Label handler = new Label();
        for (int i = 0; i < ranges.size(); i += 2) {
            mv.visitTryCatchBlock(ranges.get(i), ranges.get(i + 1), handler, null);
        }
        if (!ranges.isEmpty()) {
            rethrow(handler);
        }
        super.visitMaxs(Math.max(stack + 2, WovenSite.STACK), locals + 1);
    }

    private void rethrow(Label handler) {
        Object[] locals = new Object[permit + 1];
        Arrays.fill(locals, Opcodes.TOP);
        locals[permit] = PERMIT;
        mv.visitLabel(handler);
        mv.visitFrame(Opcodes.F_NEW, locals.length, locals, 1, new Object[] {"java/lang/Throwable"});
        mv.visitInsn(Opcodes.DUP);
        mv.visitVarInsn(Opcodes.ALOAD, permit);
        mv.visitInsn(Opcodes.SWAP);
        exit();
        mv.visitInsn(Opcodes.ATHROW);
    }

    private void exit() {
        site.invoke(mv, exit, "(Ljava/lang/Object;Ljava/lang/Throwable;)V");
    }

    private void leave() {
        mv.visitInsn(Opcodes.SWAP);
        site.invoke(mv, Operation.LEAVE, "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;");
        mv.visitTypeInsn(Opcodes.CHECKCAST, lateResult);
    }

    private void startGuard() {
        start = new Label();
        mv.visitLabel(start);
    }

    private void endGuard() {
        Label end = new Label();
        mv.visitLabel(end);
        if (start.getOffset() < end.getOffset()) { // an empty range is a format error
            ranges.add(start);
            ranges.add(end);
        }
    }
}
