package io.floodlock.weaver.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The methods that a class declares, and its direct supertypes, read from its class file.
 *
 * @param parents internal names, the superclass first
 * @param access access flags of each method, by its name and descriptor; without constructors and initializers
 */
public record DeclaredMethods(List<String> parents, Map<String, Integer> access) {

    private static final int NO_CODE = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;
    private static final int CODE = ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;

    /** Reads them from a class file; throws a RuntimeException if the file can't be parsed. */
    public static DeclaredMethods of(byte[] file) {
        ClassReader reader = new ClassReader(file);
        List<String> parents = new ArrayList<>(List.of(reader.getInterfaces()));
        if (reader.getSuperName() != null) {
            parents.add(0, reader.getSuperName());
        }
        Map<String, Integer> methods = new HashMap<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        methods.put(name + descriptor, access);
                        return null;
                    }
                },
                NO_CODE);
        methods.keySet().removeIf(key -> key.startsWith("<"));
        return new DeclaredMethods(parents, methods);
    }

    /** The methods that call the method they override ({@code super.method(..)}), by name and descriptor. */
    public static Set<String> callingSuper(byte[] file) {
        ClassReader reader = new ClassReader(file);
        Set<String> found = new HashSet<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new MethodVisitor(Opcodes.ASM9) {
                            @Override
                            public void visitMethodInsn(
                                    int opcode, String owner, String called, String type, boolean isInterface) {
                                // compilers for older JVMs also use invokespecial to call private methods of the
                                // class itself
                                if (opcode == Opcodes.INVOKESPECIAL
                                        && called.equals(name)
                                        && type.equals(descriptor)
                                        && !owner.equals(reader.getClassName())) {
                                    found.add(name + descriptor);
                                }
                            }
                        };
                    }
                },
                CODE);
        return found;
    }
}
