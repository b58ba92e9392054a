package io.floodlock.weaver.tool;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A class file of the application. Immutable.
 *
 * @param where the archive or folder inside the application, {@code BOOT-INF/lib/shop.jar}; {@code .} for its top
 *     level
 * @param name internal name; taken from the path if the bytes don't contain it
 * @param defect why the JVM can't read the file; empty for a valid one
 */
record ClassFile(String where, String name, byte[] bytes, String defect) {

    private static final int PARTS = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;
    private static final String CLASS = ".class";

    /**
     * Reads the name of the class from its bytes.
     *
     * @param path inside its archive or folder
     * @return null for a file that no class loader would find under the name of its class
     */
    static ClassFile of(String where, String path, byte[] bytes) {
        String byPath = path.substring(0, path.length() - CLASS.length());
        try {
            ClassReader reader = new ClassReader(bytes);
            reader.accept(new ClassVisitor(Opcodes.ASM9) {}, PARTS);
            String name = reader.getClassName();
            boolean reachable = byPath.equals(name) || byPath.endsWith("/".concat(name));
            return reachable && !name.endsWith("module-info") ? new ClassFile(where, name, bytes, "") : null;
        } catch (IllegalArgumentException unknownVersion) {
            return new ClassFile(where, byPath, bytes, "");
        } catch (RuntimeException broken) {
            return new ClassFile(
                    where, byPath, bytes, "is not a complete class file, so the JVM can't load it: build it again");
        }
    }
}
