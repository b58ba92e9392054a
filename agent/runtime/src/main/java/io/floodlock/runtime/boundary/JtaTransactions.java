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
 * Transactions of JTA, by the transaction managers that one class makes. Several managers may know one transaction, as
 * some hand on to others: it is the same by its own word. Thread-safe.
 */
public final class JtaTransactions implements OpenTransactions {

    /*
     * A transaction tells those who have registered with it before it completes and after. It takes nobody any more
     * once it is marked for rollback, or completing: what is locked in it then is given back as its scope is closed,
     * for nothing of it will be committed.
     *
     * Its end may come on a thread of the manager's, after a timeout say.
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
     * Null where instances of that class are no transaction managers.
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
                // an application has one of them
            }
        }
        return null;
    }

    private static Class<?> find(MethodHandles.Lookup manager, String name) throws ClassNotFoundException {
        return Class.forName(name, false, manager.lookupClass().getClassLoader());
    }

    /** From now on asks this one too. */
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

    void register(Object transaction, JtaSynchronization told) {
        types.register(transaction, told);
    }

    RuntimeException toCaller(FloodlockFailure failure) {
        return toCaller.apply(failure);
    }

    /** The interfaces, as one class loader has them. */
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
                throw new IllegalStateException(manager + " does not tell of its transaction", e);
            }
        }

        int status(Object transaction) {
            try {
                return (int) status.invokeExact(transaction);
            } catch (Throwable e) {
                throw new IllegalStateException(transaction + " does not tell its status", e);
            }
        }

        void register(Object transaction, JtaSynchronization told) {
            Object proxy = told.as(synchronization);
            try {
                register.invokeExact(transaction, proxy);
            } catch (Throwable e) {
                throw new IllegalStateException(transaction + " does not let anybody hear of its end", e);
            }
        }
    }
}
