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
 * A place in a class of the application's libraries that tells the runtime what goes on there; but for locks taken earlier and
 * connections wrapped, none of them changes what the method does.
 */
public enum Hook {

    /** As a constructor returns. */
    CONSTRUCTED("tells of new instances, on which stored calls run") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> callWithSelf(code, site, Operation.CONSTRUCTED));
        }
    },

    /** As a method returns a JDBC connection, which the answer replaces. */
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

    /** As {@link #CONNECTION}, and first asks whether there is a connection to hand out without running the body. */
    CONNECTION_OF_SCOPE("hands out connections that take part in transactions") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return new Deepened(CONNECTION.weave(next, site, owner, method)) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    // not through mv: what is handed out here is not to be wrapped again
                    reuse(next, site, owner);
                }
            };
        }
    },

    /** Before a method of a DataSource takes a connection back, which may be one that the agent handed out in its place. */
    CONNECTION_BACK("takes connections back that the application was given wrapped") {
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
    STATEMENT("tells of statements on connections that no DataSource handed out") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atEntry(next, code -> callWithSelf(code, site, Operation.STATEMENT));
        }
    },

    /** As a Spring context's refresh returns. */
    CONTEXT_READY("tells when the Spring context is ready for stored calls") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> callWithSelf(code, site, Operation.CONTEXT_READY));
        }
    },

    /** Before a Spring context closes. */
    CONTEXT_CLOSING("tells when the Spring context closes") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atEntry(next, code -> callWithSelf(code, site, Operation.CONTEXT_CLOSING));
        }
    },

    /** Around what runs a method in a transaction, so that its locks are held before that begins and after it has ended. */
    TRANSACTION("takes the locks of methods that it runs before their transaction begins") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return ScopeWeaver.ofBoundary(next, site, owner, method);
        }
    },

    /** As the constructor of what looks like a JTA transaction manager returns. */
    TRANSACTION_MANAGER("tells of a transaction manager, to hear of its transactions' ends") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> callWithSelf(code, site, Operation.TRANSACTION_MANAGER));
        }
    },

    /** As Spring begins to keep what is to be told of a transaction. */
    SYNCHRONIZATIONS("tells how to hear of a transaction's end") {
        @Override
        public MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method) {
            return atReturn(next, code -> site.invoke(code, Operation.SYNCHRONIZATIONS, "()V"));
        }
    },

    /** Before a transaction manager of Spring's sets aside what is open, for what it is about to begin. */
    SUSPENDING("tells of a transaction that is set aside for another") {
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

    /** What runs a JDBC statement. */
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

    /** What it does, in words that follow the method's name. */
    public String explanation() {
        return explanation;
    }

    public abstract MethodVisitor weave(MethodVisitor next, WovenSite site, String owner, ScannedMethod method);

    /** The hook that a method declaration asks for by its names alone, null for most. */
    public static Hook of(ScannedClass type, ScannedMethod method) {
        if (Targets.isSpringSynchronizations(type.name())) {
            return method.key().equals("initSynchronization()V") ? SYNCHRONIZATIONS : null;
        }
        if (method.is(Opcodes.ACC_STATIC | Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) {
            return null;
        }
        // a bridge has JDBC's own type where the method that it calls answers a subtype
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

    /** Whether it may be woven into that version of a class file; none is so needed that its class would be refused. */
    public boolean fits(int version) {
        return version >= ShapeRules.JAVA_7 || this == CONNECTION || this == CONNECTION_BACK || this == STATEMENT;
    }

    private static boolean takesConnection(ScannedMethod method) {
        String type = method.descriptor();
        int found = type.indexOf(CONNECTION_TYPE);
        return found >= 0 && found < type.indexOf(')') && !method.name().equals("<init>");
    }

    /** As a class's initializer returns. */
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

    /** Room on the stack for what a hook puts there. */
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
