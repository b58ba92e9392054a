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
 * Puts a method's body between {@link Operation#ENTER} and {@link Operation#EXIT}.
 *
 * <pre>
 *   permit = enter(self, args)          not guarded: if it throws, neither body nor exit runs
 *   permit is an array: return its element    only where calls may be skipped
 *   body                                guarded, but for each
 *     exit(permit, null); return        so that a failing exit isn't answered by a second one;
 *                                       leave(permit, value) where the value may stand for work that goes on
 *   handler: exit(permit, thrown); throw thrown
 * </pre>
 *
 * The permit lives in a local of its own behind all of the body's, so that no instruction of the body changes; its stack map
 * frames only grow by that local. The handler's frame declares nothing but the permit, because a body may reuse its
 * parameters' locals for other types. Frames are never computed: that would load the application's classes.
 */
public final class ScopeWeaver extends MethodVisitor {

    private static final String PERMIT = "java/lang/Object";

    private final WovenSite site;
    private final String enter;
    private final String exit;
    private final int permit;
    private final String lateResult;

    /** What returns instead of a body that is skipped; null where none is. */
    private final Type skips;

    private final String owner;
    private final List<Label> ranges = new ArrayList<>();
    private Label start;

    /** @param owner the internal name of the method's class */
    public static ScopeWeaver ofLocks(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
        return new ScopeWeaver(next, site, Operation.ENTER, Operation.EXIT, owner, method, method.maySkip());
    }

    /** Around what runs other methods in transactions, any of which may be skipped; it returns an object. */
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

    /** How many locals a method may have once woven. */
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

    /** Returns if what was answered is no permit but an array, with the result. */
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
        if (start.getOffset() < end.getOffset()) { // an empty range would be a format error
            ranges.add(start);
            ranges.add(end);
        }
    }
}
