package io.floodlock.weaver.code;

import io.floodlock.weaver.scan.ScannedMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Restores the parameter names of methods, which a JVM before 19 drops from a class that it has loaded (JDK-8240908).
 * It writes the names of the class file into the bytes of the JVM. {@code ClassWeaver} uses it for classes that are
 * already loaded.
 */
public final class ParameterNames extends ClassVisitor {

    private static final int EVERYTHING_ELSE = ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES;

    private final Map<String, List<Parameter>> declared;

    private record Parameter(String name, int access) {}

    private ParameterNames(ClassVisitor next, Map<String, List<Parameter>> declared) {
        super(Opcodes.ASM9, next);
        this.declared = declared;
    }

    /** @param declaration the class file that has the names */
    public static ClassVisitor restore(ClassVisitor next, byte[] declaration) {
        Map<String, List<Parameter>> declared = new HashMap<>();
        new ClassReader(declaration)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] exceptions) {
                                return collect(declared, ScannedMethod.key(name, descriptor));
                            }
                        },
                        EVERYTHING_ELSE);
        return new ParameterNames(next, declared);
    }

    private static MethodVisitor collect(Map<String, List<Parameter>> declared, String key) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitParameter(String name, int access) {
                declared.computeIfAbsent(key, any -> new ArrayList<>()).add(new Parameter(name, access));
            }
        };
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
        List<Parameter> parameters = declared.getOrDefault(ScannedMethod.key(name, descriptor), List.of());
        for (Parameter parameter : parameters) {
            method.visitParameter(parameter.name(), parameter.access());
        }
        return new MethodVisitor(Opcodes.ASM9, method) {
            @Override
            public void visitParameter(String kept, int keptAccess) {
                if (parameters.isEmpty()) {
                    super.visitParameter(kept, keptAccess);
                }
            }
        };
    }
}
