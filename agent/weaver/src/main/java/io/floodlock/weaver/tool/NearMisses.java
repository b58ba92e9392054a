package io.floodlock.weaver.tool;

import io.floodlock.runtime.call.Rule;
import io.floodlock.weaver.explain.Decision;
import io.floodlock.weaver.explain.Decision.Outcome;
import io.floodlock.weaver.explain.DecisionText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Methods that look protected, as what they override is, and are not: Java inherits no annotation of a method. */
final class NearMisses {

    private static final int PARTS = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;
    private static final int NOT_OVERRIDING = Opcodes.ACC_STATIC
            | Opcodes.ACC_PRIVATE
            | Opcodes.ACC_ABSTRACT
            | Opcodes.ACC_BRIDGE
            | Opcodes.ACC_SYNTHETIC;
    private static final int VISIBLE = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

    private final Map<String, Shape> shapes = new HashMap<>();

    /** By the class's internal name and the method's name and descriptor. */
    private final Map<String, Map<String, Decision>> woven = new HashMap<>();

    private NearMisses() {}

    /** A line for each. */
    static List<String> in(Collection<ClassFile> classes, Collection<Decision> decisions) {
        NearMisses all = new NearMisses();
        for (Decision decision : decisions) {
            if (decision.outcome() == Outcome.WOVEN && !decision.rules().isEmpty()) {
                all.woven
                        .computeIfAbsent(decision.type().replace('.', '/'), type -> new HashMap<>())
                        .put(decision.method() + decision.descriptor(), decision);
            }
        }
        if (all.woven.isEmpty()) {
            return List.of();
        }
        for (ClassFile file : classes) {
            if (file.defect().isEmpty()) {
                all.shapes.putIfAbsent(file.name(), Shape.of(file.bytes()));
            }
        }
        List<String> lines = new ArrayList<>();
        for (ClassFile file : classes) {
            // a generator's class overrides to call what it overrides
            if (!file.name().contains("$$") && all.shapes.containsKey(file.name())) {
                all.addOf(file.name(), lines);
            }
        }
        return lines;
    }

    private void addOf(String type, List<String> lines) {
        Map<String, Decision> own = woven.getOrDefault(type, Map.of());
        shapes.get(type).methods.forEach((key, access) -> {
            Decision overridden =
                    (access & NOT_OVERRIDING) == 0 && !own.containsKey(key) ? overridden(type, key) : null;
            if (overridden != null) {
                lines.add(type.replace('/', '.') + "." + overridden.method() + "("
                        + String.join(", ", DecisionText.parameters(overridden)) + ") overrides that of "
                        + overridden.type() + ", which has "
                        + overridden.rules().stream().map(Rule::origin).collect(Collectors.joining(", ")));
            }
        });
    }

    /** What a method stands in for, if that is protected; null where a method between them is not. */
    private Decision overridden(String type, String key) {
        Deque<String> next = new ArrayDeque<>(shapes.get(type).parents);
        while (!next.isEmpty()) {
            String parent = next.poll();
            Shape shape = shapes.get(parent);
            if (shape == null) {
                continue;
            }
            Integer access = shape.methods.get(key);
            if (access == null) {
                next.addAll(shape.parents);
            } else if ((access & (Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE)) == 0
                    && ((access & VISIBLE) != 0 || packageOf(parent).equals(packageOf(type)))) {
                Decision found = woven.getOrDefault(parent, Map.of()).get(key);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('/')));
    }

    /** What a class declares. @param methods the access of each, by name and descriptor */
    private record Shape(List<String> parents, Map<String, Integer> methods) {

        static Shape of(byte[] file) {
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
                    PARTS);
            methods.keySet().removeIf(key -> key.startsWith("<"));
            return new Shape(parents, methods);
        }
    }
}
