package io.floodlock.runtime.boundary;

import static java.lang.invoke.MethodType.methodType;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Finds the JTA transactions that are open on a thread, through the transaction managers of one class, and registers
 * for their end. Several managers may know one transaction, as some delegate to others; its own {@code equals} says
 * that it is the same. {@link ApplicationTransactions} includes it. Thread-safe.
 */
public final class JtaTransactions implements OpenTransactions {

    /*
     * A transaction calls the synchronizations that are registered with it before it completes and after. It accepts no
     * registration once it is marked for rollback, or completing. Locks acquired in it then are released as their scope
     * is closed, as nothing of the transaction will be committed.
     *
     * It may end on a thread of the manager, for example after a timeout.
     */

    private static final int ACTIVE = 0;

    private final Types types;
    private final Function<FloodlockFailure, RuntimeException> toCaller;
    private final List<WeakReference<Object>> managers = new CopyOnWriteArrayList<>();

    private JtaTransactions(Types types, Function<FloodlockFailure, RuntimeException> toCaller) {
        this.types = types;
        this.toCaller = toCaller;
    }

    /**
     * The transactions of a class's instances; null if they are no transaction managers.
     *
     * @param manager the class's own lookup
     * @param toCaller makes the application's exception of a failure
     */
    public static JtaTransactions of(
            MethodHandles.Lookup manager, Function<FloodlockFailure, RuntimeException> toCaller) {
        for (String api : new String[] {"jakarta.transaction.", "javax.transaction."}) {
            try {
                Class<?> type = find(manager, api + "TransactionManager");
                if (type.isAssignableFrom(manager.lookupClass())) {
                    return new JtaTransactions(new Types(manager, api), toCaller);
                }
            } catch (ClassNotFoundException absent) {
                // an application has one of the two
            }
        }
        return null;
    }

    private static Class<?> find(MethodHandles.Lookup manager, String name) throws ClassNotFoundException {
        return Class.forName(name, false, manager.lookupClass().getClassLoader());
    }

    /** Adds a manager, held weakly. */
    public void add(Object manager) {
        managers.removeIf(known -> known.get() == null);
        managers.add(new WeakReference<>(manager));
    }

    @Override
    public List<OpenTransaction> ofThread() {
        List<OpenTransaction> open = List.of();
        for (WeakReference<Object> each : managers) {
            Object manager = each.get();
            Object transaction = manager == null ? null : types.transactionOf(manager);
            if (transaction != null && types.status(transaction) == ACTIVE) {
                JtaTransaction found = new JtaTransaction(this, transaction);
                if (!open.contains(found)) {
                    open = open.isEmpty() ? new ArrayList<>(1) : open;
                    open.add(found);
                }
            }
        }
        return open;
    }

    boolean isActive(Object transaction) {
        return types.status(transaction) == ACTIVE;
    }

    void register(Object transaction, JtaSynchronization callback) {
        types.register(transaction, callback);
    }

    RuntimeException toCaller(FloodlockFailure failure) {
        return toCaller.apply(failure);
    }

    /** The interfaces of JTA, as one class loader has them. */
    private static final class Types {

        private final Class<?> synchronization;
        private final MethodHandle current;
        private final MethodHandle status;
        private final MethodHandle register;

        Types(MethodHandles.Lookup lookup, String api) throws ClassNotFoundException {
            Class<?> transaction = find(lookup, api + "Transaction");
            synchronization = find(lookup, api + "Synchronization");
            try {
                current = lookup.findVirtual(
                                find(lookup, api + "TransactionManager"), "getTransaction", methodType(transaction))
                        .asType(methodType(Object.class, Object.class));
                status = lookup.findVirtual(transaction, "getStatus", methodType(int.class))
                        .asType(methodType(int.class, Object.class));
                register = lookup.findVirtual(
                                transaction, "registerSynchronization", methodType(void.class, synchronization))
                        .asType(methodType(void.class, Object.class, Object.class));
            } catch (NoSuchMethodException | IllegalAccessException e) {
                throw new LinkageError("this version of " + api + "Transaction is not known: " + e.getMessage(), e);
            }
        }

        Object transactionOf(Object manager) {
            try {
                return (Object) current.invokeExact(manager);
            } catch (Throwable e) {
                throw new IllegalStateException(manager + " failed to return its transaction", e);
            }
        }

        int status(Object transaction) {
            try {
                return (int) status.invokeExact(transaction);
            } catch (Throwable e) {
                throw new IllegalStateException(transaction + " failed to return its status", e);
            }
        }

        void register(Object transaction, JtaSynchronization callback) {
            Object proxy = callback.as(synchronization);
            try {
                register.invokeExact(transaction, proxy);
            } catch (Throwable e) {
                throw new IllegalStateException(transaction + " refused a Synchronization, so its end is not seen", e);
            }
        }
    }
}
