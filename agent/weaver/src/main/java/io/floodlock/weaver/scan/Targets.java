package io.floodlock.weaver.scan;

/**
 * Recognizes classes by their names alone: classes of Spring and Floodlock's facade, which are examined although they
 * carry no annotation. Names are internal, {@code com/shop/Orders}.
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
}
