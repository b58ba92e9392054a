package io.floodlock.weaver.code;

import io.floodlock.runtime.call.spec.Operation;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Binds the callbacks that a method passes to stages and reactive types to the scope that is open: before each such
 * call, every callback goes through {@link Operation#CARRY}. {@code ClassWeaver} applies it to all methods of a class
 * that has an asynchronous method with locks other than a suspend function.
 *
 * <p>Arguments above the first callback on the stack are moved to locals behind all others. No stack map frame mentions
 * these locals, because they are dead before the next frame.
 */
public final class CallbackWeaver extends MethodVisitor {

    private final WovenSite site;
    private final int scratch;
    private int used;

    /** @param firstFree the first local behind those of the body and of other woven code */
    public CallbackWeaver(MethodVisitor next, WovenSite site, int firstFree) {
        super(Opcodes.ASM9, next);
        this.site = site;
        this.scratch = firstFree;
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (takesCallbacks(owner)) {
            Type[] parameters = Type.getArgumentTypes(descriptor);
            int first = 0;
            while (first < parameters.length && !isCallback(parameters[first])) {
                first++;
            }
            if (first < parameters.length) {
                carry(parameters, first);
            }
        }
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }

    private void carry(Type[] parameters, int first) {
        int slot = scratch;
        for (int i = parameters.length - 1; i > first; i--) {
            mv.visitVarInsn(parameters[i].getOpcode(Opcodes.ISTORE), slot);
            slot += parameters[i].getSize();
        }
        used = Math.max(used, slot - scratch);
        through(parameters[first]);
        for (int i = first + 1; i < parameters.length; i++) {
            slot -= parameters[i].getSize();
            mv.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), slot);
            if (isCallback(parameters[i])) {
                through(parameters[i]);
            }
        }
    }

    private void through(Type callback) {
        site.invoke(mv, Operation.CARRY, Type.getMethodDescriptor(callback, callback));
    }

    private static boolean takesCallbacks(String owner) {
        return owner.equals("java/util/concurrent/CompletableFuture")
                || owner.equals("java/util/concurrent/CompletionStage")
                || owner.startsWith("reactor/core/publisher/")
                || owner.startsWith("io/reactivex/rxjava3/core/");
    }

    private static boolean isCallback(Type parameter) {
        if (parameter.getSort() != Type.OBJECT) {
            return false;
        }
        String name = parameter.getInternalName();
        return name.startsWith("java/util/function/")
                || name.startsWith("io/reactivex/rxjava3/functions/")
                || name.equals("java/lang/Runnable")
                || name.equals("java/util/concurrent/Callable");
    }

    @Override
    public void visitMaxs(int stack, int locals) {
        super.visitMaxs(stack, used == 0 ? locals : Math.max(locals, scratch + used));
    }
}
