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
 * Finds the Spring transactions that are open on a thread, and registers with Spring for their suspension and their
 * end. It covers one copy of Spring's {@code TransactionSynchronizationManager}: imperative transactions of every kind
 * of manager, however they were begun. {@link ApplicationTransactions} makes it; woven managers call
 * {@link #suspending}. Thread-safe.
 */
public final class SpringTransactions implements OpenTransactions {

    /*
     * Spring calls the synchronizations that are registered with a transaction before its commit, as it is suspended
     * for a new one, as it is resumed, and at its end. So one is registered with each transaction in which a lock was
     * released. This thread's transaction is remembered here, except while it is suspended.
     *
     *   registered before the commit, even in a callback       called like all others
     *   registered in another one's afterCommit                the transaction looks open; called in afterCompletion
     *   in another one's afterCompletion                       registration is impossible: the transaction has ended
     *   savepoints                                             belong to the transaction around: no call, no release
     *   participating in a JTA transaction begun elsewhere     called when that has ended, on any thread
     *
     * A transaction manager may be configured without synchronization; then only the connection's own transaction is
     * seen.
     *
     * Spring shows a thread one transaction as open, although several managers may each have one: as another one
     * begins, Spring suspends the synchronizations of the first. There are two cases, which must be distinguished:
     *
     *   the same manager begins a new one, or  its connection is taken off the thread until it is resumed. Code that
     *   runs a method in none                  runs meanwhile can't write in it, so it keeps no locks of that code: it
     *                                          is apart
     *   another manager begins one             its connection stays on the thread, and an object mapper may write in
     *                                          it, at its commit, what was changed meanwhile: it is reachable, and
     *                                          keeps the locks of that code
     *
     * So a synchronization is registered with each transaction before it is suspended, by a hook in the code with which
     * all of Spring's managers suspend. A manager sets apart the innermost transaction that it has begun. The manager
     * of each transaction but the outermost is known, as it has suspended the one around it. The outermost one is
     * assumed to belong to a manager that began none of the others. Suspensions by managers that extend no class of
     * Spring are not seen; then, as without synchronization, only the connection's own transaction is seen.
     */

    private final MethodHandle isTransaction;
    private final MethodHandle isRegistering;
    private final MethodHandle register;
    private final Class<?> synchronization;
    private final Function<FloodlockFailure, RuntimeException> toCaller;

    private final ThreadLocal<SpringTransaction> current = new ThreadLocal<>();

    /** The suspensions on a thread, the outermost first; null for none. */
    private final ThreadLocal<List<SpringSuspension>> aside = new ThreadLocal<>();

    /** Whether anything was ever suspended; if not, no thread-local need be read. */
    private volatile boolean anyAside;

    /**
     * @param manager the lookup of a class in the loader of that copy of Spring
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

    /** Whether it belongs to the same copy of Spring as that class. */
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
            throw new IllegalStateException("Spring failed to return the state of this thread's transaction", e);
        }
    }

    private SpringTransaction current() {
        SpringTransaction known = current.get();
        return known != null && known.open() ? known : new SpringTransaction(this, is(isTransaction));
    }

    /** Whether a transaction is open on this thread in which code that runs there now can't write. */
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
     * Called when a manager is about to suspend the open transaction of this thread.
     *
     * @param own whether the manager has a transaction of its own there, whose connection it takes off the thread
     */
    public void suspending(Object manager, boolean own) {
        if (!is(isRegistering)) {
            return;
        }
        SpringTransaction open = current();
        open.listen();
        SpringTransaction apart = own ? begunBy(manager, open) : null;
        open.suspension(new SpringSuspension(
                open,
                new WeakReference<>(manager),
                apart,
                apart == null ? List.of() : ConnectionTransactions.notSetAside()));
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

    /** Registers a synchronization with Spring's transaction on this thread. */
    void register(SpringTransaction transaction) {
        Object callback = SpringSynchronization.of(synchronization, transaction);
        try {
            register.invokeExact(callback);
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "Spring refused a TransactionSynchronization, so the end of its transaction is not seen", e);
        }
        current.set(transaction);
    }

    /**
     * Called by Spring as it suspends the transaction of this thread.
     *
     * @param why null if the suspension was not announced by {@link #suspending}
     */
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
        why.apply(true);
    }

    void resume(SpringTransaction transaction, SpringSuspension why) {
        current.set(transaction);
        if (why != null) {
            leave(why);
            why.apply(false);
        }
    }

    /** Forgets a transaction that has ended, on this thread or, if it is suspended on another one, on that thread. */
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
