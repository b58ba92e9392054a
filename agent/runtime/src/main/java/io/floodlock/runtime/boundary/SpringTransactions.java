package io.floodlock.runtime.boundary;

import static java.lang.invoke.MethodType.methodType;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.Function;

/**
 * What one copy of Spring's {@code TransactionSynchronizationManager} knows: imperative transactions of every kind of manager,
 * however they were begun. Thread-safe.
 */
public final class SpringTransactions implements OpenTransactions {

    /*
     * Spring tells those who have registered with a transaction of its end, and before of its commit, of its being set aside
     * for a new one and of its being resumed. So one is registered with each transaction in which a lock has been given back,
     * and this thread's is remembered here, but for while it is set aside.
     *
     *   registered before the commit, in a callback even        told with all others
     *   registered in another's afterCommit                     the transaction looks open, and tells in afterCompletion
     *   in another's afterCompletion                            nobody can register any more: it has ended
     *   savepoints                                              belong to the transaction around: nothing is told, nothing given back
     *   participating in a JTA transaction begun elsewhere      Spring tells when that has ended, on whatever thread
     *
     * A transaction manager may be told not to let anybody register; then only the connection itself tells.
     */

    private final MethodHandle isTransaction;
    private final MethodHandle isRegistering;
    private final MethodHandle register;
    private final Class<?> synchronization;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    private final ThreadLocal<SpringTransaction> current = new ThreadLocal<>();

    /**
     * @param manager the lookup of that class itself
     * @param toCaller makes the application's exception of a failure
     */
    public SpringTransactions(MethodHandles.Lookup manager, Function<FloodlockFailure, RuntimeException> toCaller) {
        this.toCaller = toCaller;
        Class<?> type = manager.lookupClass();
        try {
            synchronization = Class.forName(
                    "org.springframework.transaction.support.TransactionSynchronization", false, type.getClassLoader());
            isTransaction = manager.findStatic(type, "isActualTransactionActive", methodType(boolean.class));
            isRegistering = manager.findStatic(type, "isSynchronizationActive", methodType(boolean.class));
            register = manager.findStatic(type, "registerSynchronization", methodType(void.class, synchronization))
                    .asType(methodType(void.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this version of Spring is not known: " + e.getMessage(), e);
        }
    }

    @Override
    public List<OpenTransaction> ofThread() {
        try {
            if (!(boolean) isTransaction.invokeExact() || !(boolean) isRegistering.invokeExact()) {
                return List.of();
            }
        } catch (Throwable e) {
            throw new IllegalStateException("Spring does not tell of its transactions", e);
        }
        SpringTransaction known = current.get();
        return List.of(known != null && known.open() ? known : new SpringTransaction(this));
    }

    /** Lets Spring tell it of this thread's transaction. */
    void register(SpringTransaction transaction) {
        Object told = ToldBySpring.of(synchronization, transaction);
        try {
            register.invokeExact(told);
        } catch (Throwable e) {
            throw new IllegalStateException("Spring does not let anybody hear of its transaction's end", e);
        }
        current.set(transaction);
    }

    void setAside() {
        current.remove();
    }

    void resume(SpringTransaction transaction) {
        current.set(transaction);
    }

    RuntimeException toCaller(FloodlockFailure failure) {
        return toCaller.apply(failure);
    }
}
