package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Reads a {@link TypeShape} from a class file, without the code of its methods. */
final class ShapeReader extends ClassVisitor {

    private int access;
    private String internalName;
    private boolean nested;
    private boolean anonymous;
    private final Set<String> annotations = new HashSet<>();
    private List<TypeUse> variables = List.of();
    private TypeUse superclass;
    private List<TypeUse> interfaces = new ArrayList<>();
    private final List<TypeShape.FieldShape> fields = new ArrayList<>();
    private final List<MethodShape> methods = new ArrayList<>();
    private boolean sealed;

    private ShapeReader() {
        super(Opcodes.ASM9);
    }

    static TypeShape read(ClassReader file) {
        ShapeReader reader = new ShapeReader();
        file.accept(reader, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return new TypeShape(
                reader.access,
                binary(reader.internalName),
                reader.nested,
                reader.anonymous,
                Set.copyOf(reader.annotations),
                List.copyOf(reader.variables),
                reader.superclass,
                List.copyOf(reader.interfaces),
                List.copyOf(reader.fields),
                List.copyOf(reader.methods),
                reader.sealed);
    }

    @Override
    public void visit(int version, int flags, String name, String signature, String parent, String[] declared) {
        access = flags;
        internalName = name;
        GenericSignature generic = GenericSignature.read(signature, List.of());
        if (generic != null) {
            variables = generic.variables;
            superclass = generic.superclass;
            interfaces = generic.interfaces;
            return;
        }
        superclass = parent == null ? null : TypeUse.of(binary(parent));
        for (String each : declared) {
            interfaces.add(TypeUse.of(binary(each)));
        }
    }

    @Override
    public void visitInnerClass(String name, String outer, String simple, int flags) {
        if (name.equals(internalName)) {
            nested = true;
            anonymous |= simple == null;
        }
    }

    @Override
    public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        annotations.add(descriptor);
        return null;
    }

    @Override
    public void visitPermittedSubclass(String permitted) {
        sealed = true;
    }

    @Override
    public FieldVisitor visitField(int flags, String name, String descriptor, String signature, Object value) {
        TypeUse generic = GenericSignature.readField(signature, variables);
        fields.add(new TypeShape.FieldShape(flags, name, generic == null ? use(Type.getType(descriptor)) : generic));
        return null;
    }

    @Override
    public MethodVisitor visitMethod(int flags, String name, String descriptor, String signature, String[] thrown) {
        List<TypeUse> parameters = new ArrayList<>();
        for (Type type : Type.getArgumentTypes(descriptor)) {
            parameters.add(use(type));
        }
        TypeUse result = use(Type.getReturnType(descriptor));
        List<TypeUse> genericParameters = parameters;
        TypeUse genericResult = result;
        GenericSignature generic = GenericSignature.read(signature, variables);
        if (generic != null) {
            genericResult = generic.result;
            // parameters that the compiler adds, as to constructors of inner classes, are not part of the signature
            if (generic.parameters.size() == parameters.size()) {
                genericParameters = generic.parameters;
            }
        }
        List<TypeUse> exceptions = new ArrayList<>();
        if (thrown != null) {
            for (String each : thrown) {
                exceptions.add(TypeUse.of(binary(each)));
            }
        }
        Set<String> found = new HashSet<>();
        List<TypeUse> finalParameters = genericParameters;
        TypeUse finalResult = genericResult;
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                found.add(annotation);
                return null;
            }

            @Override
            public void visitEnd() {
                methods.add(new MethodShape(
                        flags,
                        name,
                        descriptor,
                        List.copyOf(parameters),
                        List.copyOf(finalParameters),
                        result,
                        finalResult,
                        List.copyOf(exceptions),
                        Set.copyOf(found)));
            }
        };
    }

    private static TypeUse use(Type type) {
        return type.getSort() == Type.ARRAY
                ? TypeUse.of(type.getElementType().getClassName()).array(type.getDimensions())
                : TypeUse.of(type.getClassName());
    }

    private static String binary(String internal) {
        return internal.replace('/', '.');
    }
}
