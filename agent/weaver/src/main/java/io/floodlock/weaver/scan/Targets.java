package io.floodlock.weaver.scan;

/**
 * Recognizes classes by their names alone. There are two groups: classes of Spring and Floodlock's facade, which are
 * examined although they carry no annotation, and classes that a generator made. Names are internal, {@code
 * com/shop/Orders}.
 */
public final class Targets {

    private static final String SPRING_CONTEXT = "org/springframework/context/support/AbstractApplicationContext";
    private static final String SPRING_TRANSACTIONS =
            "org/springframework/transaction/interceptor/TransactionInterceptor";
    private static final String SPRING_SYNCHRONIZATIONS =
            "org/springframework/transaction/support/TransactionSynchronizationManager";
    private static final String SPRING_MANAGERS =
            "org/springframework/transaction/support/AbstractPlatformTransactionManager";
    private static final String FACADE = "io/floodlock/Floodlock";

    /**
     * Parts of the names that generators of subclasses give. A generated class copies or overrides what its parent
     * does.
     */
    private static final String[] GENERATED = {
        "$$SpringCGLIB$$",
        "$$EnhancerBy",
        "$$FastClassBy",
        "$$KeyFactoryBy",
        "$$Lambda",
        "_$$_",
        "$HibernateProxy$",
        "$MockitoMock$",
        "$ByteBuddy$",
        "_ClientProxy",
        "_Subclass"
    };

    private Targets() {}

    public static boolean isSpringContext(String name) {
        return SPRING_CONTEXT.equals(name);
    }

    /** The class that runs a method in a Spring transaction, however the transaction was declared. */
    public static boolean isSpringTransactions(String name) {
        return SPRING_TRANSACTIONS.equals(name);
    }

    /** The class that knows whether a thread is in a Spring transaction. */
    public static boolean isSpringSynchronizations(String name) {
        return SPRING_SYNCHRONIZATIONS.equals(name);
    }

    /** The class that suspends a Spring transaction in favour of another. */
    public static boolean isSpringManagers(String name) {
        return SPRING_MANAGERS.equals(name);
    }

    public static boolean isFacade(String name) {
        return FACADE.equals(name);
    }

    /** Whether the name says that a generator made the class. */
    public static boolean isGenerated(String name) {
        if (name.startsWith("jdk/proxy") || name.startsWith("com/sun/proxy/") || name.contains("$Proxy")) {
            return true;
        }
        for (String part : GENERATED) {
            if (name.contains(part)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the name looks like that of a generated class, also one of an unknown generator. Such a class overrides
     * methods in order to call the originals.
     */
    public static boolean mayBeGenerated(String name) {
        return name.contains("$$") || isGenerated(name);
    }
}
