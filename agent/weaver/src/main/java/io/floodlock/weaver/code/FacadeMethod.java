package io.floodlock.weaver.code;

import io.floodlock.runtime.call.spec.Operation;
import io.floodlock.weaver.scan.ScannedMethod;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Replaces the body of a method of {@code io.floodlock.Floodlock}, which is written for a JVM without the agent, by a
 * call of the runtime.
 */
public final class FacadeMethod extends MethodVisitor {

    private static final String LOCKED_ENTER = "enter([Ljava/lang/String;[Ljava/lang/String;Ljava/time/Duration;"
            + "Ljava/time/Duration;Ljava/time/Duration;ZZLjava/lang/Object;)Ljava/lang/Object;";

    private final MethodVisitor target;
    private final WovenSite site;
    private final String operation;
    private final String descriptor;

    private FacadeMethod(MethodVisitor target, WovenSite site, String operation, String descriptor) {
        super(Opcodes.ASM9, null);
        this.target = target;
        this.site = site;
        this.operation = operation;
        this.descriptor = descriptor;
    }

    /** Null if the method stays as it is. */
    public static MethodVisitor of(MethodVisitor target, WovenSite site, ScannedMethod method) {
        String operation = operation(method);
        return operation == null ? null : new FacadeMethod(target, site, operation, method.descriptor());
    }

    public static boolean replaces(ScannedMethod method) {
        return operation(method) != null;
    }

    private static String operation(ScannedMethod method) {
        return switch (method.key()) {
            case "isActive()Z" -> "";
            case "fencingToken()J" -> Operation.FENCING_TOKEN;
            case "fencingToken(Ljava/lang/String;)J" -> Operation.FENCING_TOKEN_OF;
            case "key(Ljava/lang/String;[Ljava/lang/Object;)Ljava/lang/String;" -> Operation.KEY;
            case LOCKED_ENTER -> Operation.LOCKED_ENTER;
            case "exit(Ljava/lang/Object;Ljava/lang/Throwable;)V" -> Operation.LOCKED_EXIT;
            case "leave(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;" -> Operation.LOCKED_LEAVE;
            case "transactionId()Ljava/lang/String;" -> Operation.TRANSACTION_ID;
            case "direct(Z)Z" -> Operation.DIRECT;
            case "pause(Ljava/lang/String;Ljava/lang/String;Z)Z" -> Operation.PAUSE;
            case "changeLanes(Ljava/lang/String;I)I" -> Operation.CHANGE_LANES;
            case "awaitIdle(Ljava/lang/String;Ljava/time/Duration;)V" -> Operation.AWAIT_IDLE;
            default -> null;
        };
    }

    @Override
    public void visitCode() {
        target.visitCode();
        if (operation.isEmpty()) {
            target.visitInsn(Opcodes.ICONST_1);
        } else {
            site.loadEach(target);
            site.invoke(target, operation, descriptor);
        }
        target.visitInsn(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
    }

    @Override
    public void visitMaxs(int stack, int locals) {
        // room for all arguments, or for the result
        target.visitMaxs(Math.max(2, Type.getArgumentsAndReturnSizes(descriptor) >> 2), locals);
    }

    @Override
    public void visitEnd() {
        target.visitEnd();
    }
}
