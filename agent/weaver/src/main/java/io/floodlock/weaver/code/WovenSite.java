package io.floodlock.weaver.code;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Writes the call sites of one method: the {@code invokedynamic} instructions, and the code that pushes their
 * arguments. All weavers of this package use it. Immutable.
 */
public final class WovenSite {

    /**
     * The stack depth of a call site with the instance, the array of arguments, an index and a boxed long or double.
     */
    static final int STACK = 6;

    private static final String BOOTSTRAP_TYPE =
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
                    + "[Ljava/lang/Object;)Ljava/lang/invoke/CallSite;";
    private static final Object[] NONE = {};
    private static final String HOOK_TYPE =
            "(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;";

    private final Handle bootstrap;
    private final boolean dynamic;
    private final boolean isStatic;
    private final Type[] parameters;
    private final Object[] constants;

    private WovenSite(String dispatcher, boolean dynamic, ScannedMethod method, Object[] constants) {
        this.dynamic = dynamic;
        this.bootstrap = new Handle(Opcodes.H_INVOKESTATIC, dispatcher, "link", BOOTSTRAP_TYPE, false);
        this.isStatic = method.is(Opcodes.ACC_STATIC);
        this.parameters = Type.getArgumentTypes(method.descriptor());
        this.constants = constants;
    }

    /**
     * The site of a hook. In a class file whose version has no {@code invokedynamic}, the woven code calls the
     * dispatcher's {@code hook} instead, which links by the calling class and the operation. Such a call has no
     * constants, an instance, and at most one more argument.
     *
     * @param dispatcher the internal name of the class whose {@code link} is the bootstrap method
     */
    public static WovenSite plain(String dispatcher, ScannedClass type, ScannedMethod method) {
        return new WovenSite(dispatcher, type.version() >= ShapeRules.JAVA_7, method, NONE);
    }

    /** The site of a method with rules. */
    public static WovenSite of(String dispatcher, ScannedMethod method, CallSpec spec) {
        return new WovenSite(dispatcher, true, method, spec.toConstants().toArray());
    }

    void invoke(MethodVisitor code, String operation, String type) {
        if (dynamic) {
            code.visitInvokeDynamicInsn(operation, type, bootstrap, constants);
        } else {
            invokeHook(code, operation, type);
        }
    }

    private void invokeHook(MethodVisitor code, String operation, String type) {
        if (Type.getArgumentTypes(type).length == 1) {
            code.visitInsn(Opcodes.ACONST_NULL);
        }
        code.visitLdcInsn(operation);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, bootstrap.getOwner(), "hook", HOOK_TYPE, false);
        Type result = Type.getReturnType(type);
        if (result.getSort() == Type.VOID) {
            code.visitInsn(Opcodes.POP);
        } else {
            code.visitTypeInsn(Opcodes.CHECKCAST, result.getInternalName());
        }
    }

    /** Pushes the instance, null in a static method. */
    void loadSelf(MethodVisitor code) {
        if (isStatic) {
            code.visitInsn(Opcodes.ACONST_NULL);
        } else {
            code.visitVarInsn(Opcodes.ALOAD, 0);
        }
    }

    /** Pushes all arguments, boxed, in an array. */
    void loadArray(MethodVisitor code) {
        push(code, parameters.length);
        code.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
        int slot = isStatic ? 0 : 1;
        for (int i = 0; i < parameters.length; i++) {
            code.visitInsn(Opcodes.DUP);
            push(code, i);
            code.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), slot);
            box(code, parameters[i]);
            code.visitInsn(Opcodes.AASTORE);
            slot += parameters[i].getSize();
        }
    }

    /** The local variable of the last parameter. */
    int lastParameter() {
        int slot = isStatic ? 0 : 1;
        for (int i = 0; i < parameters.length - 1; i++) {
            slot += parameters[i].getSize();
        }
        return slot;
    }

    /** Pushes all arguments, each with its own type. */
    void loadEach(MethodVisitor code) {
        int slot = isStatic ? 0 : 1;
        for (Type parameter : parameters) {
            code.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), slot);
            slot += parameter.getSize();
        }
    }

    /** The locals at the method's entry, as in a stack map frame. */
    Object[] entryFrame(String owner) {
        int first = isStatic ? 0 : 1;
        Object[] locals = new Object[first + parameters.length];
        if (!isStatic) {
            locals[0] = owner;
        }
        for (int i = 0; i < parameters.length; i++) {
            locals[first + i] = frameType(parameters[i]);
        }
        return locals;
    }

    private static Object frameType(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.CHAR, Type.BYTE, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.LONG -> Opcodes.LONG;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> type.getInternalName();
        };
    }

    private static void push(MethodVisitor code, int value) {
        if (value <= 5) {
            code.visitInsn(Opcodes.ICONST_0 + value);
        } else {
            code.visitIntInsn(value <= Byte.MAX_VALUE ? Opcodes.BIPUSH : Opcodes.SIPUSH, value);
        }
    }

    private static void box(MethodVisitor code, Type type) {
        String box = switch (type.getSort()) {
            case Type.BOOLEAN -> "java/lang/Boolean";
            case Type.CHAR -> "java/lang/Character";
            case Type.BYTE -> "java/lang/Byte";
            case Type.SHORT -> "java/lang/Short";
            case Type.INT -> "java/lang/Integer";
            case Type.FLOAT -> "java/lang/Float";
            case Type.LONG -> "java/lang/Long";
            case Type.DOUBLE -> "java/lang/Double";
            default -> null;
        };
        if (box != null) {
            String valueOf =
                    "(".concat(type.getDescriptor()).concat(")L").concat(box).concat(";");
            code.visitMethodInsn(Opcodes.INVOKESTATIC, box, "valueOf", valueOf, false);
        }
    }
}
