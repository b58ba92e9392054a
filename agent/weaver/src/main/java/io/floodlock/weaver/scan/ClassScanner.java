package io.floodlock.weaver.scan;

import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.spec.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Reads the facts about a class that weaving needs, from its bytes alone: no class is loaded. The result is a {@link
 * ScannedClass}. Called by {@code ClassWeaver} for each class that may need weaving. Not thread-safe; each call of
 * {@code scan} uses an instance of its own.
 */
public final class ClassScanner extends ClassVisitor {

    private static final Set<String> TRANSACTIONAL = Set.of(
            "Lorg/springframework/transaction/annotation/Transactional;",
            "Ljakarta/transaction/Transactional;",
            "Ljavax/transaction/Transactional;");

    private static final Set<String> INTERCEPTOR =
            Set.of("Ljakarta/interceptor/Interceptor;", "Ljavax/interceptor/Interceptor;");
    private static final Set<String> AROUND_INVOKE =
            Set.of("Ljakarta/interceptor/AroundInvoke;", "Ljavax/interceptor/AroundInvoke;");

    /**
     * The prefix of a local variable with which Kotlin marks the code of an inline function; the function's name
     * follows. The variable stands in the function itself and in every copy of its code.
     */
    private static final String INLINED = "$i$f$";

    private static final int NONE = -1;

    private final List<ScannedMethod> methods = new ArrayList<>();
    private final DelegatingCalls calls = new DelegatingCalls();
    private final boolean everyName;
    private final Function<String, List<Rule>> composed;
    private int version;
    private int access;
    private String name;
    private boolean transactional;
    private boolean interceptor;

    private ClassScanner(boolean everyName, Function<String, List<Rule>> composed) {
        super(Opcodes.ASM9);
        this.composed = composed;
        this.everyName = everyName;
    }

    /** Recognizes only Floodlock's own annotations. */
    public static ScannedClass scan(ClassReader reader) {
        return scan(reader, false, annotation -> List.of());
    }

    /**
     * @param everyName whether the parameter names of methods without annotations are needed too
     * @param composed the rules that an annotation of the application's carries, by the annotation's descriptor
     */
    public static ScannedClass scan(ClassReader reader, boolean everyName, Function<String, List<Rule>> composed) {
        ClassScanner scanner = new ClassScanner(everyName, composed);
        reader.accept(scanner, ClassReader.SKIP_FRAMES);
        return new ScannedClass(
                scanner.version,
                scanner.access,
                scanner.name,
                scanner.transactional,
                scanner.interceptor,
                List.copyOf(scanner.methods),
                scanner.calls.delegating());
    }

    @Override
    public void visit(
            int classVersion, int flags, String internalName, String signature, String parent, String[] interfaces) {
        version = classVersion & 0xffff;
        access = flags;
        name = internalName;
    }

    @Override
    public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        transactional |= TRANSACTIONAL.contains(descriptor);
        interceptor |= INTERCEPTOR.contains(descriptor);
        return null;
    }

    @Override
    public MethodVisitor visitMethod(
            int flags, String methodName, String descriptor, String signature, String[] exceptions) {
        return new MethodScanner(flags, methodName, descriptor, signature);
    }

    private final class MethodScanner extends MethodVisitor {

        private final int flags;
        private final String methodName;
        private final String descriptor;
        private final String signature;
        private final List<Rule> rules = new ArrayList<>();
        private final List<String> declaredNames = new ArrayList<>();
        private final String[] debugNames;
        private final int continuation;
        private final Map<Integer, String> parameterTypes = new HashMap<>(0);
        private boolean methodTransactional;
        private boolean aroundInvoke;
        private int maxLocals;
        private int lastLoaded = NONE;
        private String testedType;
        private String stateMachine;
        private boolean inline;
        private final Set<String> argumentsInHand = new HashSet<>();
        private String changed;

        MethodScanner(int flags, String methodName, String descriptor, String signature) {
            super(Opcodes.ASM9);
            this.flags = flags;
            this.methodName = methodName;
            this.descriptor = descriptor;
            this.signature = signature;
            int parameterSlots = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
            this.debugNames = new String[parameterSlots];
            int slot = (flags & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
            for (Type type : Type.getArgumentTypes(descriptor)) {
                if (type.getSort() == Type.OBJECT) {
                    parameterTypes.put(slot, type.getInternalName());
                }
                slot += type.getSize();
            }
            boolean suspends = ResultKind.of(descriptor) == ResultKind.SUSPEND;
            // the sizes include the instance even for a static method
            this.continuation = !suspends ? NONE : parameterSlots - ((flags & Opcodes.ACC_STATIC) != 0 ? 2 : 1);
        }

        @Override
        public void visitParameter(String parameter, int parameterFlags) {
            declaredNames.add(parameter == null ? "" : parameter);
        }

        @Override
        public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
            methodTransactional |= TRANSACTIONAL.contains(annotation);
            aroundInvoke |= AROUND_INVOKE.contains(annotation);
            AnnotationVisitor ours = RuleReader.forAnnotation(annotation, rules::add);
            if (ours == null) {
                rules.addAll(composed.apply(annotation));
            }
            return ours;
        }

        @Override
        public void visitVarInsn(int opcode, int variable) {
            lastLoaded = opcode == Opcodes.ALOAD ? variable : NONE;
            if (opcode == Opcodes.ALOAD && parameterTypes.containsKey(variable)) {
                argumentsInHand.add(parameterTypes.get(variable));
            }
        }

        /**
         * A suspend function that can be resumed first tests whether its continuation is its own state machine, and
         * then reads the machine's label.
         */
        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (opcode == Opcodes.INSTANCEOF && continuation != NONE && lastLoaded == continuation) {
                testedType = type;
            }
            lastLoaded = NONE;
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
            if (stateMachine == null && field.equals("label") && type.equals("I") && owner.equals(testedType)) {
                stateMachine = owner;
            }
            lastLoaded = NONE;
            if (opcode == Opcodes.PUTFIELD) {
                change(owner, field);
            }
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String called, String type, boolean isInterface) {
            lastLoaded = NONE;
            if (!owner.equals(name)) {
                calls.calls(methodName, descriptor, called, type);
            }
            if (called.startsWith("set") && called.length() > 3 && opcode != Opcodes.INVOKESTATIC) {
                change(owner, called);
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String dynamic, String type, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    if (handle.getOwner().equals(name)) {
                        calls.contains(methodName, descriptor, handle.getName(), handle.getDesc());
                    } else {
                        calls.calls(methodName, descriptor, handle.getName(), handle.getDesc());
                    }
                }
            }
        }

        /** Compares types only: the bytecode does not show which of several objects of one type is changed. */
        private void change(String owner, String member) {
            if (changed == null && argumentsInHand.contains(owner)) {
                changed = owner.replace('/', '.') + "." + member;
            }
        }

        @Override
        public void visitLocalVariable(
                String variable, String type, String signature, Label start, Label end, int index) {
            if (index < debugNames.length && debugNames[index] == null) {
                debugNames[index] = variable;
            }
            inline |= variable.startsWith(INLINED) && variable.equals(INLINED.concat(methodName));
        }

        @Override
        public void visitMaxs(int stack, int locals) {
            maxLocals = locals;
        }

        @Override
        public void visitEnd() {
            methods.add(new ScannedMethod(
                    flags,
                    methodName,
                    descriptor,
                    signature,
                    rules.isEmpty() && !everyName ? List.of() : parameterNames(),
                    List.copyOf(rules),
                    List.of(),
                    methodTransactional,
                    aroundInvoke,
                    maxLocals,
                    stateMachine,
                    inline,
                    changed));
        }

        private List<String> parameterNames() {
            Type[] types = Type.getArgumentTypes(descriptor);
            if (declaredNames.size() == types.length && !declaredNames.contains("")) {
                return declaredNames;
            }
            List<String> names = new ArrayList<>();
            int slot = (flags & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
            for (Type type : types) {
                if (debugNames[slot] == null) {
                    return List.of();
                }
                names.add(debugNames[slot]);
                slot += type.getSize();
            }
            return names;
        }
    }
}
