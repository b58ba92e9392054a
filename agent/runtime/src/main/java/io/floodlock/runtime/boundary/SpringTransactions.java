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
import java.util.function.Function;

/**
 * What one copy of Spring's {@code TransactionSynchronizationManager} knows: imperative transactions of every kind of
 * manager, however they were begun. Thread-safe.
 */
public final class SpringTransactions implements OpenTransactions {

    /*
     * Spring tells those who have registered with a transaction of its end, and before of its commit, of its being set
     * aside for a new one and of its being resumed. So one is registered with each transaction in which a lock has been
     * given back, and this thread's is remembered here, but for while it is set aside.
     *
     *   registered before the commit, in a callback even        told with all others
     *   registered in another's afterCommit                     the transaction looks open, and tells in
     *                                                           afterCompletion
     *   in another's afterCompletion                            nobody can register any more: it has ended
     *   savepoints                                              belong to the transaction around: nothing is told,
     *                                                           nothing given back
     *   participating in a JTA transaction begun elsewhere      Spring tells when that has ended, on whatever thread
     *
     * A transaction manager may be told not to let anybody register; then only the connection itself tells.
     *
     * What a thread sees as open is one transaction, while several managers may each have one. For Spring sets aside
     * what is to be told of the one when another begins, in two cases that must not be taken for one another:
     *
     *   the same manager begins a new one, or runs    its connection is taken off the thread until it is resumed.
     *   a method in none                              Nothing that runs meanwhile writes in it, so it keeps no locks of
     *                                                 that: it is apart
     *   another manager begins one                    its connection stays where it was, and an object mapper may write
     *                                                 in it at its commit what was changed meanwhile: it is reachable,
     *                                                 and keeps them
     *
     * So one is registered with each transaction before it is set aside, by a hook where all managers do so. Which one
     * a manager sets apart: the innermost that it has begun. Each but the outermost was begun by who set the one around
     * it aside; the outermost is taken to be of a manager that began none of the others. Managers that extend nothing
     * of Spring's are not seen to set anything aside; then, as where nobody registers, the connection tells.
     */

    private final MethodHandle isTransaction;
    private final MethodHandle isRegistering;
    private final MethodHandle register;
    private final Class<?> synchronization;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    private final ThreadLocal<SpringTransaction> current = new ThreadLocal<>();

    /** What is set aside on a thread, the outermost first; null for nothing. */
    private final ThreadLocal<List<SpringSuspension>> aside = new ThreadLocal<>();

    /** Whether anything has ever been; spares all a look at the thread where nothing has. */
    private volatile boolean anyAside;

    /**
     * @param manager the lookup of a class beside that one
     * @param toCaller makes the application's exception of a failure
     */
    SpringTransactions(MethodHandles.Lookup manager, Function<FloodlockFailure, RuntimeException> toCaller) {
        this.toCaller = toCaller;
        try {
            Class<?> type = find(manager, "TransactionSynchronizationManager");
            synchronization = find(manager, "TransactionSynchronization");
            isTransaction = manager.findStatic(type, "isActualTransactionActive", methodType(boolean.class));
            isRegistering = manager.findStatic(type, "isSynchronizationActive", methodType(boolean.class));
            register = manager.findStatic(type, "registerSynchronization", methodType(void.class, synchronization))
                    .asType(methodType(void.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this version of Spring is not known: " + e.getMessage(), e);
        }
    }

    private static Class<?> find(MethodHandles.Lookup manager, String name) throws ClassNotFoundException {
        return Class.forName(
                "org.springframework.transaction.support." + name,
                false,
                manager.lookupClass().getClassLoader());
    }

    /** Whether it is what the copy of Spring knows that this class belongs to. */
    boolean isOf(MethodHandles.Lookup caller) {
        try {
            return find(caller, "TransactionSynchronization") == synchronization;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public List<OpenTransaction> ofThread() {
        List<SpringSuspension> outer = setAside();
        boolean open = is(isTransaction) && is(isRegistering);
        if (outer.isEmpty()) {
            return open ? List.of(current()) : List.of();
        }
        List<OpenTransaction> all = new ArrayList<>(2);
        if (open) {
            all.add(current());
        }
        for (int i = outer.size() - 1; i >= 0; i--) {
            if (outer.get(i).of().reachable()) {
                all.add(outer.get(i).of());
            }
        }
        return all;
    }

    private static boolean is(MethodHandle question) {
        try {
            return (boolean) question.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("Spring does not tell of its transactions", e);
        }
    }

    private SpringTransaction current() {
        SpringTransaction known = current.get();
        return known != null && known.open() ? known : new SpringTransaction(this, is(isTransaction));
    }

    /** Whether on this thread one is open in which nothing that runs there now can write. */
    boolean hasSetAside() {
        for (SpringSuspension each : setAside()) {
            if (each.apart() != null && each.apart().open()) {
                return true;
            }
        }
        return false;
    }

    private List<SpringSuspension> setAside() {
        List<SpringSuspension> known = anyAside ? aside.get() : null;
        return known == null ? List.of() : known;
    }

    /**
     * A manager is about to set aside what is open on this thread.
     *
     * @param own whether it has a transaction of its own there, which it takes off the thread
     */
    public void suspending(Object manager, boolean own) {
        if (!is(isRegistering)) {
            return;
        }
        SpringTransaction open = current();
        open.listen();
        open.suspension(new SpringSuspension(open, new WeakReference<>(manager), own ? begunBy(manager, open) : null));
    }

    private SpringTransaction begunBy(Object manager, SpringTransaction open) {
        List<SpringSuspension> outer = setAside();
        SpringTransaction begun = open;
        for (int i = outer.size() - 1; i >= 0; i--) {
            if (outer.get(i).isBy(manager) && !begun.apart()) {
                return begun;
            }
            begun = outer.get(i).of();
        }
        return begun;
    }

    /** Lets Spring tell it of this thread's transaction. */
    void register(SpringTransaction transaction) {
        Object told = SpringSynchronization.of(synchronization, transaction);
        try {
            register.invokeExact(told);
        } catch (Throwable e) {
            throw new IllegalStateException("Spring does not let anybody hear of its transaction's end", e);
        }
        current.set(transaction);
    }

    /** @param why null where nobody told in advance */
    void setAside(SpringSuspension why) {
        current.remove();
        if (why == null) {
            return;
        }
        anyAside = true;
        List<SpringSuspension> known = aside.get();
        if (known == null) {
            known = new ArrayList<>(2);
            aside.set(known);
        }
        known.add(why);
        if (why.apart() != null) {
            why.apart().apart(true);
        }
    }

    void resume(SpringTransaction transaction, SpringSuspension why) {
        current.set(transaction);
        if (why != null) {
            leave(why);
            if (why.apart() != null) {
                why.apart().apart(false);
            }
        }
    }

    /** It has ended, on this thread or, where it is set aside on another, there. */
    void forget(SpringTransaction ended) {
        if (current.get() == ended) {
            current.remove();
        }
    }

    private void leave(SpringSuspension over) {
        List<SpringSuspension> known = aside.get();
        if (known != null) {
            known.remove(over);
            if (known.isEmpty()) {
                aside.remove();
            }
        }
    }

    RuntimeException toCaller(FloodlockFailure failure) {
        return toCaller.apply(failure);
    }
}
