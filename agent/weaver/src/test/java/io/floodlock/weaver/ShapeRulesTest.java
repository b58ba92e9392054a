package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.load.Dispatcher;
import io.floodlock.weaver.scan.Refusal;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

/** Class files that ask for what can't be given, some of which no compiler makes. */
class ShapeRulesTest {

    private static final String LOCK = "Lio/floodlock/PessimisticLock;";
    private static final String TX = "Lio/floodlock/DistributedTx;";
    private static final String QUEUED = "Lio/floodlock/Queued;";

    private final RecordingRuntime runtime = new RecordingRuntime();

    private int version = Opcodes.V17;
    private int access = Opcodes.ACC_PUBLIC;
    private String classAnnotation;
    private String name = "made";
    private String variable;
    private String signature;

    @Test
    void weavesAPlainOne() throws Refusal {
        assertNotNull(weave("()V", LOCK));
        version = Opcodes.V1_7;
        assertNotNull(weave("(IJ)D", LOCK, TX));
    }

    @Test
    void refusesClassFilesBeforeJava7() {
        version = Opcodes.V1_6;
        refused("class file has version 50", "()V", LOCK);
    }

    @Test
    void refusesAbstractAndNativeMethods() {
        access = Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT;
        refused("is abstract", "()V", LOCK);
        access = Opcodes.ACC_PUBLIC | Opcodes.ACC_NATIVE;
        refused("is native", "()V", QUEUED);
    }

    private static final String[] ASYNCHRONOUS = {
        "()Ljava/util/concurrent/CompletionStage;",
        "()Ljava/util/concurrent/CompletableFuture;",
        "()Ljava/util/concurrent/Flow$Publisher;",
        "()Lorg/reactivestreams/Publisher;",
        "()Lreactor/core/publisher/Mono;",
        "()Lreactor/core/publisher/Flux;",
        "()Lio/reactivex/rxjava3/core/Single;",
        "(ILkotlin/coroutines/Continuation;)Ljava/lang/Object;"
    };

    @Test
    void weavesLocksOnMethodsWhoseWorkGoesOnButNoTransactions() throws Refusal {
        for (String descriptor : ASYNCHRONOUS) {
            assertNotNull(weave(descriptor, LOCK));
            refused("the transaction is bound to the thread and would end before", descriptor, TX);
        }
    }

    @Test
    void refusesResultsWhoseEndNobodyIsToldOf() {
        for (String result : new String[] {
            "java/util/concurrent/Future",
            "io/vertx/core/Future",
            "kotlinx/coroutines/Deferred",
            "java/util/concurrent/Callable",
            "java/util/stream/Stream",
            "java/util/stream/IntStream",
            "java/lang/Iterable",
            "java/util/Iterator",
            "org/springframework/web/context/request/async/DeferredResult"
        }) {
            refused("the lock would be free before", "()L" + result + ";", LOCK);
            refused("would end before the work does", "()L" + result + ";", TX);
        }
    }

    @Test
    void refusesThemWithinOtherResultsToo() throws Refusal {
        for (String result : new String[] {
            "Ljava/util/Optional<Ljava/util/concurrent/CompletableFuture<Ljava/lang/String;>;>;",
            "Ljava/util/List<+Ljava/util/concurrent/Future<Ljava/lang/String;>;>;",
            "Ljava/util/Map<Ljava/lang/String;Lreactor/core/publisher/Mono<Ljava/lang/String;>;>;",
            "[Ljava/util/concurrent/CompletionStage<Ljava/lang/String;>;",
            "Lreactor/core/publisher/Mono<Ljava/util/stream/Stream<Ljava/lang/String;>;>;"
        }) {
            signature = "()" + result;
            refused("the lock would be free before", "()" + result.replaceAll("<.*>", ""), LOCK);
        }
        signature = null;
        refused("the lock would be free before", "()[Ljava/util/concurrent/Future;", LOCK);
        signature =
                "(Lkotlin/coroutines/Continuation<-Lkotlinx/coroutines/flow/Flow<Ljava/lang/String;>;>;)Ljava/lang/Object;";
        refused("kotlinx.coroutines.flow.Flow", "(Lkotlin/coroutines/Continuation;)Ljava/lang/Object;", LOCK);
        signature = "(Lkotlin/coroutines/Continuation<-Ljava/lang/String;>;)Ljava/lang/Object;";
        assertNotNull(weave("(Lkotlin/coroutines/Continuation;)Ljava/lang/Object;", LOCK));
        for (String result : new String[] {
            "Ljava/util/List<Ljava/lang/String;>;",
            "Ljava/util/Optional<Ljava/util/List<Ljava/lang/String;>;>;",
            "Ljava/util/concurrent/CompletableFuture<Ljava/util/List<Ljava/lang/String;>;>;"
        }) {
            signature = "()" + result;
            assertNotNull(weave("()" + result.replaceAll("<.*>", ""), LOCK));
        }
    }

    @Test
    void aQueuedMethodMayReturnAFuture() throws Refusal {
        assertNotNull(weave("()Ljava/util/concurrent/CompletableFuture;", QUEUED));
        assertNotNull(weave("()Ljava/util/concurrent/CompletableFuture;", QUEUED, LOCK));
        assertNotNull(weave("()Ljava/util/concurrent/CompletionStage;", QUEUED, TX));
        assertNotNull(weave("()Ljava/util/concurrent/CompletableFuture;", QUEUED, LOCK, TX));
        refused("@Queued and @DistributedTx and returns", "()Ljava/util/concurrent/Flow$Publisher;", QUEUED, TX);
        refused("carries @Queued and returns int", "()I", QUEUED);
        refused("but may suspend", "(Lkotlin/coroutines/Continuation;)Ljava/lang/Object;", QUEUED);
    }

    @Test
    void refusesLocksOfLaterWorkInAFrameworksTransaction() throws Refusal {
        for (String transactional : new String[] {
            "Lorg/springframework/transaction/annotation/Transactional;",
            "Ljakarta/transaction/Transactional;",
            "Ljavax/transaction/Transactional;"
        }) {
            String later = "()Ljava/util/concurrent/CompletionStage;";
            refused("can't be put in the right order", later, LOCK, transactional);
            assertNotNull(weave("()V", LOCK, transactional));
            classAnnotation = transactional;
            refused("can't be put in the right order", later, LOCK);
            assertNotNull(weave("()V", LOCK));
            assertNotNull(weave("()V", QUEUED));
            classAnnotation = null;
        }
    }

    @Test
    void leavesBridgesAndSyntheticMethodsAlone() throws Refusal {
        access = Opcodes.ACC_PUBLIC | Opcodes.ACC_BRIDGE | Opcodes.ACC_SYNTHETIC;
        assertNull(weave("()V", LOCK));
    }

    /** Kotlin's compiler copies them to where they are called; what is left may be synthetic. */
    @Test
    void refusesInlineFunctions() throws Refusal {
        variable = "$i$f$made";
        refused("is inline", "()V", LOCK);
        access = Opcodes.ACC_PUBLIC | Opcodes.ACC_SYNTHETIC;
        refused("is inline", "()V", QUEUED);
        access = Opcodes.ACC_PUBLIC;
        variable = "$i$f$another";
        assertNotNull(weave("()V", LOCK));
    }

    @Test
    void refusesLambdasThatMaySuspend() throws Refusal {
        name = "invokeSuspend";
        refused("lambda that may suspend", "(Ljava/lang/Object;)Ljava/lang/Object;", LOCK);
        assertNotNull(weave("(Ljava/lang/Object;)V", LOCK));
    }

    @Test
    void refusesWhatTheRuntimeRefuses() {
        runtime.refusal = new IllegalArgumentException("waitTime 'soon' is no duration");
        refused("waitTime 'soon' is no duration", "()V", LOCK);
    }

    private void refused(String reason, String descriptor, String... annotations) {
        Refusal refusal = assertThrows(Refusal.class, () -> weave(descriptor, annotations));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    private byte[] weave(String descriptor, String... annotations) throws Refusal {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(
                version,
                Opcodes.ACC_PUBLIC | access & Opcodes.ACC_ABSTRACT,
                "com/example/Made",
                null,
                "java/lang/Object",
                null);
        if (classAnnotation != null) {
            writer.visitAnnotation(classAnnotation, true).visitEnd();
        }
        MethodVisitor method = writer.visitMethod(access, name, descriptor, signature, null);
        for (String annotation : annotations) {
            method.visitAnnotation(annotation, false).visitEnd();
        }
        if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
            method.visitCode();
            Label start = new Label();
            method.visitLabel(start);
            method.visitTypeInsn(Opcodes.NEW, "java/lang/IllegalStateException");
            method.visitInsn(Opcodes.DUP);
            method.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/IllegalStateException", "<init>", "()V", false);
            method.visitInsn(Opcodes.ATHROW);
            if (variable != null) {
                Label end = new Label();
                method.visitLabel(end);
                method.visitLocalVariable(variable, "I", null, start, end, 1);
            }
            method.visitMaxs(0, 0);
        }
        method.visitEnd();
        writer.visitEnd();
        return new ClassWeaver(runtime, Dispatcher.NAME, Decisions.NONE).weave(null, writer.toByteArray());
    }
}
