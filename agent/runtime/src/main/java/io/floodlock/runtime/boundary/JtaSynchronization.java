package io.floodlock.runtime.boundary;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction.Keeper;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/**
 * Connects one JTA transaction with the keeper of the keys that were used in it. It is JTA's {@code Synchronization},
 * implemented by a proxy in the application's own class loader. Before completion it verifies the locks, and a lost
 * lock makes the transaction roll back. After completion it reports the end to the keeper.
 */
final class JtaSynchronization implements InvocationHandler {

    private static final Integer COMMITTED = 3;
    private static final Integer ROLLED_BACK = 4;

    private final Keeper keeper;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    JtaSynchronization(Keeper keeper, Function<FloodlockFailure, RuntimeException> toCaller) {
        this.keeper = keeper;
        this.toCaller = toCaller;
    }

    Object as(Class<?> synchronization) {
        return Proxy.newProxyInstance(synchronization.getClassLoader(), new Class<?>[] {synchronization}, this);
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "beforeCompletion" -> verify();
            case "afterCompletion" -> keeper.ended(COMMITTED.equals(arguments[0]) || ROLLED_BACK.equals(arguments[0]));
            case "equals" -> {
                return self == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(self);
            }
            case "toString" -> {
                return "floodlock";
            }
            default -> throw new UnsupportedOperationException(method.toString());
        }
        return null;
    }

    /** Throws if a lock is lost; the exception makes the transaction roll back. */
    private void verify() {
        try {
            keeper.verify();
        } catch (FloodlockFailure lost) {
            throw toCaller.apply(lost);
        }
    }
}
