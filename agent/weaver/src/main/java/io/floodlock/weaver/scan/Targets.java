package io.floodlock.weaver.scan;

/** Which classes are looked at for their name alone, and which never. Names are internal, {@code com/shop/Orders}. */
public final class Targets {

    private static final String SPRING_CONTEXT = "org/springframework/context/support/AbstractApplicationContext";
    private static final String SPRING_TRANSACTIONS =
            "org/springframework/transaction/interceptor/TransactionInterceptor";
    private static final String SPRING_SYNCHRONIZATIONS =
            "org/springframework/transaction/support/TransactionSynchronizationManager";
    private static final String SPRING_MANAGERS =
            "org/springframework/transaction/support/AbstractPlatformTransactionManager";
    private static final String FACADE = "io/floodlock/Floodlock";

    /** Parts of names that generators of subclasses give. A class of theirs copies or overrides what its parent does. */
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

    /** What runs a method in a transaction of Spring's, however that was declared. */
    public static boolean isSpringTransactions(String name) {
        return SPRING_TRANSACTIONS.equals(name);
    }

    /** What knows whether a thread is in a transaction of Spring's. */
    public static boolean isSpringSynchronizations(String name) {
        return SPRING_SYNCHRONIZATIONS.equals(name);
    }

    /** What sets a transaction of Spring's aside for another. */
    public static boolean isSpringManagers(String name) {
        return SPRING_MANAGERS.equals(name);
    }

    public static boolean isFacade(String name) {
        return FACADE.equals(name);
    }

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
}
