package io.floodlock.runtime.boundary;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * The callback of a Spring transaction: Spring's {@code TransactionSynchronization}, implemented by a proxy in the
 * application's own class loader. It passes each call to its {@link SpringTransaction}.
 */
final class SpringSynchronization implements InvocationHandler {

    private static final Integer UNKNOWN = 2;

    private final SpringTransaction transaction;

    private SpringSynchronization(SpringTransaction transaction) {
        this.transaction = transaction;
    }

    static Object of(Class<?> synchronization, SpringTransaction transaction) {
        return Proxy.newProxyInstance(
                synchronization.getClassLoader(),
                new Class<?>[] {synchronization},
                new SpringSynchronization(transaction));
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "suspend" -> transaction.suspended();
            case "resume" -> transaction.resumed();
            case "beforeCommit" -> transaction.beforeCommit();
            case "afterCommit" -> transaction.ended(true);
            case "afterCompletion" -> transaction.ended(!UNKNOWN.equals(arguments[0]));
            // before all others, as those may take long after a commit
            case "getOrder" -> {
                return Integer.MIN_VALUE;
            }
            case "equals" -> {
                return self == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(self);
            }
            case "toString" -> {
                return "floodlock";
            }
            default -> {
                // flush, savepoints
            }
        }
        return null;
    }
}
