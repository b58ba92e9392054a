package io.floodlock.weaver.code;

import io.floodlock.runtime.call.spec.Operation;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;
import io.floodlock.weaver.scan.Targets;
import java.util.Set;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * A place in a class of the application's libraries at which woven code calls the runtime. Most hooks only report an
 * event. Those that acquire locks earlier or wrap connections also change what the method does. {@code ClassWeaver}
 * chooses a method's hook with {@link #of} and weaves it. Each constant's text explains it in the agent's log.
 */
public enum Hook {

    /** When a constructor returns. */
    CONSTRUCTED("reports new instances, on which stored calls run") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> callWithSelf(code, site, Operation.CONSTRUCTED));
        }
    },

    /** When a method returns a JDBC connection. The runtime's result replaces the connection. */
    CONNECTION("hands out connections that take part in transactions") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> {
                site.loadSelf(code);
                code.visitInsn(Opcodes.SWAP);
                site.invoke(
                        code, Operation.CONNECTION, "(Ljava/lang/Object;Ljava/sql/Connection;)Ljava/sql/Connection;");
            });
        }
    },

    /**
     * As {@link #CONNECTION}. Before the body, it asks the runtime for a connection that can be handed out without
     * running the body.
     */
    CONNECTION_OF_SCOPE("hands out connections that take part in transactions") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return new Deepened(CONNECTION.weave(next, site, owner, method)) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    // not through mv: the connection that is handed out here must not be wrapped again
                    reuse(next, site, owner);
                }
            };
        }
    },

    /**
     * Before a method of a DataSource that takes a connection back. The connection may be one that the agent has handed
     * out in place of the DataSource's own.
     */
    CONNECTION_BACK("takes back connections that the application received wrapped") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atEntry(next, code -> {
                int slot = 1;
                for (Type parameter : Type.getArgumentTypes(method.descriptor())) {
                    if (parameter.getDescriptor().equals(CONNECTION_TYPE)) {
                        site.loadSelf(code);
                        code.visitVarInsn(Opcodes.ALOAD, slot);
                        site.invoke(
                                code,
                                Operation.CONNECTION_BACK,
                                "(Ljava/lang/Object;Ljava/sql/Connection;)Ljava/sql/Connection;");
                        code.visitVarInsn(Opcodes.ASTORE, slot);
                    }
                    slot += parameter.getSize();
                }
            });
        }
    },

    /** Before a driver's statement runs. */
    STATEMENT("reports statements on connections that no DataSource handed out") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atEntry(next, code -> callWithSelf(code, site, Operation.STATEMENT));
        }
    },

    /** When the refresh of a Spring context returns. */
    CONTEXT_READY("reports when the Spring context is ready for stored calls") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> callWithSelf(code, site, Operation.CONTEXT_READY));
        }
    },

    /** Before a Spring context closes. */
    CONTEXT_CLOSING("reports when the Spring context closes") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atEntry(next, code -> callWithSelf(code, site, Operation.CONTEXT_CLOSING));
        }
    },

    /**
     * Around a method that runs other methods in transactions. Their locks are then held before the transaction begins
     * and until it has ended.
     */
    TRANSACTION("acquires the locks of the methods that it runs, before their transaction begins") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return ScopeWeaver.ofBoundary(next, site, owner, method);
        }
    },

    /** When the constructor of a class that looks like a JTA transaction manager returns. */
    TRANSACTION_MANAGER("reports a transaction manager, so that the agent sees its transactions end") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> callWithSelf(code, site, Operation.TRANSACTION_MANAGER));
        }
    },

    /** When Spring begins to keep the callbacks that are registered with a thread's transaction. */
    SYNCHRONIZATIONS("lets the agent see when a transaction ends") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> site.invoke(code, Operation.SYNCHRONIZATIONS, "()V"));
        }
    },

    /**
     * Before a transaction manager of Spring's suspends the open transaction, in favour of what it is about to begin.
     */
    SUSPENDING("reports a transaction that is suspended for another") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atEntry(next, code -> {
                site.loadSelf(code);
                code.visitVarInsn(Opcodes.ALOAD, 1);
                site.invoke(code, Operation.SUSPENDING, "(Ljava/lang/Object;Ljava/lang/Object;)V");
            });
        }
    };

    private static final String SUSPEND = "suspend(Ljava/lang/Object;)"
            + "Lorg/springframework/transaction/support/AbstractPlatformTransactionManager$SuspendedResourcesHolder;";

    private static final String CONNECTION_TYPE = "Ljava/sql/Connection;";

    /** The keys of the methods that run a JDBC statement. */
    private static final Set<String> RUNS = Set.of(
            "execute()Z",
            "execute(Ljava/lang/String;)Z",
            "execute(Ljava/lang/String;I)Z",
            "execute(Ljava/lang/String;[I)Z",
            "execute(Ljava/lang/String;[Ljava/lang/String;)Z",
            "executeQuery()Ljava/sql/ResultSet;",
            "executeQuery(Ljava/lang/String;)Ljava/sql/ResultSet;",
            "executeUpdate()I",
            "executeUpdate(Ljava/lang/String;)I",
            "executeUpdate(Ljava/lang/String;I)I",
            "executeUpdate(Ljava/lang/String;[I)I",
            "executeUpdate(Ljava/lang/String;[Ljava/lang/String;)I",
            "executeLargeUpdate()J",
            "executeLargeUpdate(Ljava/lang/String;)J",
            "executeLargeUpdate(Ljava/lang/String;I)J",
            "executeLargeUpdate(Ljava/lang/String;[I)J",
            "executeLargeUpdate(Ljava/lang/String;[Ljava/lang/String;)J",
            "executeBatch()[I",
            "executeLargeBatch()[J");

    private final String explanation;

    Hook(String explanation) {
        this.explanation = explanation;
    }

    /** What the hook does, in words that follow the method's name. */
    public String explanation() {
        return explanation;
    }

    public abstract MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method);

    /** The hook for a method, chosen by the names in its declaration and its class; null for most methods. */
    public static Hook of(ScannedClass type, ScannedMethod method) {
        if (Targets.isSpringSynchronizations(type.name())) {
            return method.key().equals("initSynchronization()V") ? SYNCHRONIZATIONS : null;
        }
        if (method.is(Opcodes.ACC_STATIC | Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) {
            return null;
        }
        // also for a bridge: it returns java.sql.Connection where the method that it calls returns a subtype
        if (method.handsOutConnection()) {
            return type.version() < ShapeRules.JAVA_7 ? CONNECTION : CONNECTION_OF_SCOPE;
        }
        if (method.key().equals("getConnection(Ljava/lang/String;Ljava/lang/String;)Ljava/sql/Connection;")) {
            return CONNECTION;
        }
        if (RUNS.contains(method.key())) {
            return type.delegating().contains(method.key()) ? null : STATEMENT;
        }
        if (method.is(Opcodes.ACC_BRIDGE)) {
            return null;
        }
        if (method.name().equals("<init>")) {
            return type.managesTransactions() ? TRANSACTION_MANAGER : null;
        }
        if (takesConnection(method) && type.handsOutConnections()) {
            return CONNECTION_BACK;
        }
        if (method.aroundInvoke() && type.interceptsTransactions()) {
            return TRANSACTION;
        }
        if (Targets.isSpringManagers(type.name())) {
            return method.key().equals(SUSPEND) ? SUSPENDING : null;
        }
        return switch (method.key()) {
            case "finishRefresh()V" -> Targets.isSpringContext(type.name()) ? CONTEXT_READY : null;
            case "doClose()V" -> Targets.isSpringContext(type.name()) ? CONTEXT_CLOSING : null;
            case "invoke(Lorg/aopalliance/intercept/MethodInvocation;)Ljava/lang/Object;" ->
                Targets.isSpringTransactions(type.name()) ? TRANSACTION : null;
            default -> null;
        };
    }

    /**
     * Whether the hook can be woven into that version of a class file. If not, it is left out: no hook is important
     * enough to refuse its class.
     */
    public boolean fits(int version) {
        return version >= ShapeRules.JAVA_7 || this == CONNECTION || this == CONNECTION_BACK || this == STATEMENT;
    }

    private static boolean takesConnection(ScannedMethod method) {
        String type = method.descriptor();
        int found = type.indexOf(CONNECTION_TYPE);
        return found >= 0 && found < type.indexOf(')') && !method.name().equals("<init>");
    }

    /** Calls the runtime when the initializer of a class returns. */
    public static MethodVisitor initialized(MethodVisitor next, WovenSite site) {
        return atReturn(next, code -> site.invoke(code, Operation.INITIALIZED, "()V"));
    }

    private static void callWithSelf(MethodVisitor code, WovenSite site, String operation) {
        site.loadSelf(code);
        site.invoke(code, operation, "(Ljava/lang/Object;)V");
    }

    private static void reuse(MethodVisitor code, WovenSite site, String owner) {
        Label body = new Label();
        site.loadSelf(code);
        site.invoke(code, Operation.CONNECTION_REUSE, "(Ljava/lang/Object;)Ljava/sql/Connection;");
        code.visitInsn(Opcodes.DUP);
        code.visitJumpInsn(Opcodes.IFNULL, body);
        code.visitInsn(Opcodes.ARETURN);
        code.visitLabel(body);
        code.visitFrame(Opcodes.F_NEW, 1, new Object[] {owner}, 1, new Object[] {"java/sql/Connection"});
        code.visitInsn(Opcodes.POP);
    }

    private interface Code {
        void write(MethodVisitor code);
    }

    private static MethodVisitor atReturn(MethodVisitor next, Code code) {
        return new Deepened(next) {
            @Override
            public void visitInsn(int opcode) {
                if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                    code.write(mv);
                }
                super.visitInsn(opcode);
            }
        };
    }

    private static MethodVisitor atEntry(MethodVisitor next, Code code) {
        return new Deepened(next) {
            @Override
            public void visitCode() {
                super.visitCode();
                code.write(mv);
            }
        };
    }

    /** Reserves room on the stack for the values that a hook pushes. */
    private abstract static class Deepened extends MethodVisitor {

        Deepened(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitMaxs(int stack, int locals) {
            super.visitMaxs(stack + 3, locals);
        }
    }
}
