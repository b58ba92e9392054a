package io.floodlock.weaver;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Operation;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.spec.RuleChecks;
import io.floodlock.weaver.code.CallbackWeaver;
import io.floodlock.weaver.code.DetourWeaver;
import io.floodlock.weaver.code.FacadeMethod;
import io.floodlock.weaver.code.Hook;
import io.floodlock.weaver.code.ParameterNames;
import io.floodlock.weaver.code.ScopeWeaver;
import io.floodlock.weaver.code.ShapeRules;
import io.floodlock.weaver.code.WovenSite;
import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.pointcut.ClassFiles;
import io.floodlock.weaver.pointcut.DeclaredShapes;
import io.floodlock.weaver.pointcut.TypeShape;
import io.floodlock.weaver.rulebook.RuleBook;
import io.floodlock.weaver.scan.ClassScanner;
import io.floodlock.weaver.scan.ComposedAnnotations;
import io.floodlock.weaver.scan.Refusal;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;
import io.floodlock.weaver.scan.Targets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Weaves one class: reads what it declares, plans, checks, and writes the class file again with the planned methods
 * changed. Fields, methods and supertypes stay as they are, so that a loaded class can be woven too. {@link Weaver}
 * calls it for each class that may need weaving. Thread-safe.
 *
 * <p>Order of reading: {@link ClassScanner} reads, {@link #plan(ClassLoader, byte[], ScannedClass)} decides, {@code
 * Rewriter} writes, with the visitors of the package {@code code}.
 *
 * <p>Of Byte Buddy only the class reader, visitors and writer that it contains are used. Its own API would load 400
 * more classes before the first class of the application is woven, for the same bytes.
 */
final class ClassWeaver {

    private static final String INITIALIZER = ScannedMethod.key("<clinit>", "()V");

    private final AgentRuntime runtime;
    private final String dispatcher;
    private final RuleBook rules;
    private final Decisions decisions;
    private final ComposedAnnotations composed = new ComposedAnnotations();

    /** @param dispatcher the internal name of the class whose {@code link} is the bootstrap method */
    ClassWeaver(AgentRuntime runtime, String dispatcher, Decisions decisions) {
        this(runtime, dispatcher, RuleBook.NONE, decisions);
    }

    ClassWeaver(AgentRuntime runtime, String dispatcher, RuleBook rules, Decisions decisions) {
        this.rules = rules;
        this.runtime = runtime;
        this.dispatcher = dispatcher;
        this.decisions = decisions;
    }

    /**
     * Weaves a class that is loading.
     *
     * @return null if nothing in the class must be woven
     * @throws Refusal if something must be woven, but can't be
     */
    byte[] weave(ClassLoader loader, byte[] file) throws Refusal {
        return weave(loader, file, file, false);
    }

    /**
     * Weaves a class whose annotations may stand in another class file than the one to be changed.
     *
     * @param file the class file to be changed
     * @param declaration the class file that has the annotations; differs from {@code file} if {@code file} has lost
     *     them
     * @param initialized whether the class's initializer may have run already, so that a hook in it would not run
     * @return null if nothing in the class must be woven
     * @throws Refusal if something must be woven, but can't be
     */
    byte[] weave(ClassLoader loader, byte[] file, byte[] declaration, boolean initialized) throws Refusal {
        ClassReader reader = new ClassReader(file);
        ScannedClass type = declaration == file
                ? read(loader, file, reader)
                : ClassScanner.scan(reader).declaredAs(read(loader, declaration, new ClassReader(declaration)));
        Map<String, Plan> plans = plan(loader, declaration, type);
        if (plans.isEmpty()) {
            report(type, plans);
            return null;
        }
        ClassWriter writer = new ClassWriter(reader, 0);
        ClassVisitor target = declaration == file ? writer : ParameterNames.restore(writer, declaration);
        reader.accept(new Rewriter(target, type, plans), ClassReader.EXPAND_FRAMES);
        byte[] woven = writer.toByteArray();
        for (Plan plan : plans.values()) {
            if (plan.spec != null) {
                boolean awaited = !initialized && plan.isStaticallyQueued() && plans.containsKey(INITIALIZER);
                runtime.woven(loader, plan.spec, awaited);
            }
        }
        report(type, plans);
        return woven;
    }

    private void report(ScannedClass type, Map<String, Plan> plans) {
        for (ScannedMethod method : type.methods()) {
            Plan plan = plans.get(method.key());
            if (plan != null) {
                decisions.woven(type, method, plan.spec, plan.hook);
            } else if (!method.rules().isEmpty()) {
                decisions.passedOver(type, method);
            }
        }
    }

    private ScannedClass read(ClassLoader loader, byte[] file, ClassReader reader) throws Refusal {
        ScannedClass type =
                ClassScanner.scan(reader, rules != RuleBook.NONE, annotation -> composed.rules(loader, annotation));
        return rules == RuleBook.NONE ? type : rules.applied(loader, file, reader, type);
    }

    /** Whether the class has something to weave, or must be refused. */
    boolean weavesOrRefuses(ClassLoader loader, byte[] file) {
        try {
            return !plan(loader, file, read(loader, file, new ClassReader(file)))
                    .isEmpty();
        } catch (Refusal refused) {
            return true;
        }
    }

    /** Whether a method of the class carries an annotation of the application's that carries one of Floodlock's. */
    boolean isComposed(ClassLoader loader, byte[] file) {
        return composed.isIn(loader, file);
    }

    /** Annotations that stand on methods and whose own class files can't be found, by their binary names. */
    Set<String> missingAnnotations() {
        return composed.missing();
    }

    /**
     * Whether a rule may name a method of that class. A quick check; never false if a rule does.
     *
     * @param name internal
     */
    boolean mayBeNamed(ClassLoader loader, String name, byte[] file) {
        return rules.mayName(loader, name, file);
    }

    /** Whether a method of the class asks for protection, by an annotation or by a rule. */
    boolean carriesRules(ClassLoader loader, byte[] file) {
        try {
            return read(loader, file, new ClassReader(file)).carriesRules();
        } catch (Refusal refused) {
            return true;
        }
    }

    /** Reports a class that is not woven because a generator made it. */
    void generated(ClassLoader loader, String name, byte[] file) {
        decisions.generated(name, file);
        rules.generated(loader, file);
    }

    /**
     * Whether the class file itself shows which methods ask for protection, not only that something in the class does.
     */
    static boolean showsRules(byte[] file) {
        return ClassScanner.scan(new ClassReader(file)).carriesRules();
    }

    private Map<String, Plan> plan(ClassLoader loader, byte[] declaration, ScannedClass type) throws Refusal {
        Map<String, Plan> plans = new HashMap<>();
        boolean reportsInstances = false;
        for (ScannedMethod method : type.methods()) {
            Plan plan = plan(loader, declaration, type, method);
            if (plan != null) {
                plans.put(method.key(), plan);
                reportsInstances |= method.carries(Kind.QUEUED) && !method.is(Opcodes.ACC_STATIC);
            }
        }
        if (reportsInstances) {
            for (ScannedMethod method : type.methods()) {
                if (method.name().equals("<init>")) {
                    plans.put(method.key(), new Plan(method, null, Hook.CONSTRUCTED));
                }
            }
        }
        planInitialization(type, plans);
        checkQueueNames(type, plans);
        return plans;
    }

    /**
     * A stored call finds its method by the names of the queue and of the method. Overloads have the same method name.
     */
    private static void checkQueueNames(ScannedClass type, Map<String, Plan> plans) throws Refusal {
        Map<String, ScannedMethod> known = new HashMap<>();
        for (ScannedMethod method : type.methods()) {
            Plan plan = plans.get(method.key());
            if (plan == null || plan.spec == null || !method.carries(Kind.QUEUED)) {
                continue;
            }
            ScannedMethod other = known.put(RuleChecks.wireName(plan.spec), method);
            if (other != null) {
                throw new Refusal(
                        type,
                        method,
                        "is queued under the same name as " + other.toSource()
                                + " in the same queue, so that a stored call would not identify"
                                + " which of them to run",
                        "Give one of them another name, as @Queued(name = \"" + method.name() + "2\").");
            }
        }
    }

    /** Stored calls of a static method wait until the application has initialized the method's class. */
    private static void planInitialization(ScannedClass type, Map<String, Plan> plans) {
        List<CallSpec> awaiting = plans.values().stream()
                .filter(Plan::isStaticallyQueued)
                .map(Plan::spec)
                .toList();
        for (ScannedMethod method : type.methods()) {
            if (!awaiting.isEmpty() && method.key().equals(INITIALIZER)) {
                plans.put(INITIALIZER, new Plan(method, null, null, awaiting));
            }
        }
    }

    private Plan plan(ClassLoader loader, byte[] declaration, ScannedClass type, ScannedMethod method) throws Refusal {
        if (Targets.isFacade(type.name())) {
            return new Plan(method, null, null);
        }
        // a bridge carries a copy of the annotation and calls the method from which the annotation was copied
        boolean hasRules = !method.rules().isEmpty()
                && !method.is(Opcodes.ACC_BRIDGE)
                && (!method.is(Opcodes.ACC_SYNTHETIC) || method.inline());
        Hook hook = Hook.of(type, method);
        if (!hasRules) {
            return hook == null || !hook.fits(type.version()) ? null : new Plan(method, null, hook);
        }
        ShapeRules.check(type, method);
        CallSpec spec = new CallSpec(
                type.displayName(),
                method.name(),
                method.descriptor(),
                method.is(Opcodes.ACC_STATIC),
                method.parameterNames(),
                method.rules());
        try {
            runtime.check(spec, types(loader, declaration, method));
        } catch (IllegalArgumentException refused) {
            throw new Refusal(refused.getMessage());
        }
        return new Plan(method, spec, hook);
    }

    private static DeclaredTypes types(ClassLoader loader, byte[] declaration, ScannedMethod method) {
        if (method.descriptor().startsWith("()") && method.is(Opcodes.ACC_STATIC)) {
            return DeclaredTypes.UNKNOWN;
        }
        TypeShape type = ClassFiles.read(new ClassReader(declaration));
        return new DeclaredShapes(
                type, type.method(method.name(), method.descriptor()), method.parameterNames(), ClassFiles.of(loader));
    }

    /**
     * The changes to one method; spec and hook may be null.
     *
     * @param initialized the methods to report when this one, the class's initializer, returns
     */
    private record Plan(ScannedMethod method, CallSpec spec, Hook hook, List<CallSpec> initialized) {

        Plan(ScannedMethod method, CallSpec spec, Hook hook) {
            this(method, spec, hook, List.of());
        }

        /**
         * Whether the body's callbacks may run on other threads. Those of a suspend function find their scope in the
         * coroutine context.
         */
        boolean handsCallbacksOn() {
            return spec != null
                    && method.isLockedBeyondReturn()
                    && ResultKind.of(method.descriptor()) != ResultKind.SUSPEND;
        }

        boolean isStaticallyQueued() {
            return spec != null && spec.isStatic() && method.carries(Kind.QUEUED);
        }
    }

    private final class Rewriter extends ClassVisitor {

        private final ScannedClass type;
        private final Map<String, Plan> plans;
        private final boolean carriesScopes;

        Rewriter(ClassVisitor next, ScannedClass type, Map<String, Plan> plans) {
            super(Opcodes.ASM9, next);
            this.type = type;
            this.plans = plans;
            this.carriesScopes = plans.values().stream().anyMatch(Plan::handsCallbacksOn);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            Plan plan = plans.get(ScannedMethod.key(name, descriptor));
            if (plan == null) {
                return carriesScopes ? callbacks(next, type.method(name, descriptor)) : next;
            }
            ScannedMethod method = plan.method;
            WovenSite plain = WovenSite.plain(dispatcher, type, method);
            if (Targets.isFacade(type.name())) {
                MethodVisitor replaced = FacadeMethod.of(next, plain, method);
                return replaced == null ? next : replaced;
            }
            // each visitor wraps the code of the ones before it; from the inside out: body, scope, hook, queue
            MethodVisitor visitor = next;
            for (CallSpec spec : plan.initialized) {
                visitor = Hook.initialized(visitor, WovenSite.of(dispatcher, method, spec));
            }
            if (plan.hook != null) {
                visitor = plan.hook.weave(visitor, plain, type.name(), method);
            }
            if (plan.spec != null) {
                WovenSite site = WovenSite.of(dispatcher, method, plan.spec);
                if (method.carries(Kind.QUEUED)) {
                    visitor = new DetourWeaver(visitor, site, Operation.ENQUEUE, type.name(), method);
                }
                visitor = method.isLockedBeyondReturn()
                        ? new DetourWeaver(visitor, site, Operation.AROUND, type.name(), method)
                        // of a queued method too: even with nothing to acquire it marks the begin and end of the body
                        : ScopeWeaver.ofLocks(visitor, site, type.name(), method);
            }
            return carriesScopes ? callbacks(visitor, method) : visitor;
        }

        private MethodVisitor callbacks(MethodVisitor next, ScannedMethod method) {
            return new CallbackWeaver(next, WovenSite.plain(dispatcher, type, method), ScopeWeaver.localsOf(method));
        }
    }
}
