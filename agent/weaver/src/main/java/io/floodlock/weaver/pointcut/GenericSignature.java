package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.signature.SignatureReader;
import net.bytebuddy.jar.asm.signature.SignatureVisitor;

/**
 * Reads the {@code Signature} attribute of a class, method or field: the types as written in source, with their type
 * arguments. {@link ShapeReader} uses it and falls back to the erased types if the attribute is missing or malformed.
 */
final class GenericSignature extends SignatureVisitor {

    /**
     * Type variables in scope, by name. Those of an enclosing class are unknown; the descriptor's types apply to
     * them.
     */
    private final Map<String, TypeUse> scope;

    final List<TypeUse> variables = new ArrayList<>();
    final List<TypeUse> parameters = new ArrayList<>();
    final List<TypeUse> interfaces = new ArrayList<>();
    TypeUse superclass;
    TypeUse result;

    private String variable;

    private GenericSignature(List<TypeUse> outer) {
        super(Opcodes.ASM9);
        scope = new HashMap<>();
        for (TypeUse each : outer) {
            scope.put(each.name(), each);
        }
    }

    /**
     * Reads the signature of a class or method.
     *
     * @param signature null if there is none
     * @param outer type variables that the signature may use without declaring them
     * @return null if there is no signature or it is malformed; the JVM doesn't verify it either
     */
    static GenericSignature read(String signature, List<TypeUse> outer) {
        if (signature == null) {
            return null;
        }
        GenericSignature read = new GenericSignature(outer);
        try {
            new SignatureReader(signature).accept(read);
        } catch (RuntimeException malformed) {
            return null;
        }
        read.declare();
        return read;
    }

    /** The type in a field's signature; null in the same cases as {@link #read}. */
    static TypeUse readField(String signature, List<TypeUse> outer) {
        if (signature == null) {
            return null;
        }
        GenericSignature read = new GenericSignature(outer);
        try {
            new SignatureReader(signature).acceptType(read.new Type(type -> read.result = type));
        } catch (RuntimeException malformed) {
            return null;
        }
        return read.result;
    }

    @Override
    public void visitFormalTypeParameter(String name) {
        declare();
        variable = name;
        // the variable's own bounds may name it, as in E extends Enum<E>
        scope.put(name, new TypeUse(name, 0, TypeUse.OBJECT, List.of()));
        bound = null;
    }

    private TypeUse bound;

    private void declare() {
        if (variable != null) {
            TypeUse first = bound == null ? TypeUse.OBJECT : bound.erasure();
            TypeUse declared = new TypeUse(variable, 0, first, List.of());
            scope.put(variable, declared);
            variables.add(declared);
            variable = null;
        }
    }

    @Override
    public SignatureVisitor visitClassBound() {
        return new Type(type -> bound = type);
    }

    @Override
    public SignatureVisitor visitInterfaceBound() {
        return new Type(type -> bound = bound == null ? type : bound);
    }

    @Override
    public SignatureVisitor visitSuperclass() {
        declare();
        return new Type(type -> superclass = type);
    }

    @Override
    public SignatureVisitor visitInterface() {
        declare();
        return new Type(interfaces::add);
    }

    @Override
    public SignatureVisitor visitParameterType() {
        declare();
        return new Type(parameters::add);
    }

    @Override
    public SignatureVisitor visitReturnType() {
        declare();
        return new Type(type -> result = type);
    }

    @Override
    public SignatureVisitor visitExceptionType() {
        return new Type(ignored -> {});
    }

    private final class Type extends SignatureVisitor {

        private final Consumer<TypeUse> target;
        private int dimensions;
        private StringBuilder name;
        private List<TypeUse> arguments = new ArrayList<>();
        private boolean wild;

        Type(Consumer<TypeUse> target) {
            super(Opcodes.ASM9);
            this.target = target;
        }

        @Override
        public SignatureVisitor visitArrayType() {
            dimensions++;
            return this;
        }

        @Override
        public void visitBaseType(char descriptor) {
            target.accept(TypeUse.of(net.bytebuddy.jar.asm.Type.getType(String.valueOf(descriptor))
                            .getClassName())
                    .array(dimensions));
        }

        @Override
        public void visitTypeVariable(String variableName) {
            TypeUse known = scope.get(variableName);
            target.accept((known == null ? new TypeUse(variableName, 0, TypeUse.OBJECT, List.of()) : known)
                    .array(dimensions));
        }

        @Override
        public void visitClassType(String internalName) {
            name = new StringBuilder(internalName.replace('/', '.'));
        }

        @Override
        public void visitInnerClassType(String inner) {
            name.append('$').append(inner);
            arguments = new ArrayList<>();
            wild = false;
        }

        @Override
        public void visitTypeArgument() {
            wild = true;
        }

        @Override
        public SignatureVisitor visitTypeArgument(char wildcard) {
            wild |= wildcard != INSTANCEOF;
            return new Type(arguments::add);
        }

        @Override
        public void visitEnd() {
            target.accept(new TypeUse(name.toString(), dimensions, null, wild ? List.of() : List.copyOf(arguments)));
        }
    }
}
