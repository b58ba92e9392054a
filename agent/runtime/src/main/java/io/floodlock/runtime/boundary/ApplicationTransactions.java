package io.floodlock.runtime.boundary;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The application's own transactions: those of Spring, JTA and this engine, and those of plain JDBC connections. The
 * lock engine asks it as scopes open and close, so that a key is kept until the transactions in which it was used have
 * ended. Read {@link SpringTransactions} next. Thread-safe.
 */
public final class ApplicationTransactions implements OpenTransactions {

    /*
     * The transaction of a framework and that of its connection are reported separately, and a key is kept until both
     * have ended. Neither can replace the other: a framework may not have requested its connection yet (Hibernate does
     * so at the first flush), and connections are used without any framework.
     *
     * The transactions that keep the keys of a scope that is closed:
     *   no framework is in a transaction   those of every connection that is open on this thread, used in the scope or
     *                                      not: its user may have changed in memory what a commit will write
     *   one is                             that one, and those of the connections on which a statement has run in the
     *                                      scope. Another connection may belong to a transaction that was suspended for
     *                                      a new one; it has no part in the work of the new one
     *   none is, as one was suspended      only those of such connections, for the same reason
     */

    /**
     * Held weakly: each lives as long as the class that reports it, so that an undeployed application can be collected.
     */
    private final List<WeakReference<OpenTransactions>> frameworks = new CopyOnWriteArrayList<>();

    /**
     * The transactions of one copy of Spring. They are included from now on, for as long as the caller keeps the
     * result.
     *
     * @param caller the lookup of one of its classes that know transactions
     * @param toCaller makes the application's exception of a failure
     */
    public synchronized SpringTransactions spring(
            MethodHandles.Lookup caller, Function<FloodlockFailure, RuntimeException> toCaller) {
        for (WeakReference<OpenTransactions> framework : frameworks) {
            if (framework.get() instanceof SpringTransactions spring && spring.isOf(caller)) {
                return spring;
            }
        }
        SpringTransactions spring = new SpringTransactions(caller, toCaller);
        add(spring);
        return spring;
    }

    /** Adds a framework. It is included from now on, for as long as the caller keeps it. */
    public void add(OpenTransactions framework) {
        frameworks.removeIf(known -> known.get() == null);
        frameworks.add(new WeakReference<>(framework));
    }

    @Override
    public List<? extends OpenTransaction> ofThread() {
        List<? extends OpenTransaction> managed = ofFrameworks();
        return all(managed, ConnectionTransactions.ofThread(managed));
    }

    @Override
    public Object mark() {
        return ConnectionTransactions.mark();
    }

    @Override
    public List<? extends OpenTransaction> since(Object mark) {
        List<? extends OpenTransaction> managed = ofFrameworks();
        return managed.isEmpty() && !hasSetAside()
                ? ConnectionTransactions.ofThread(managed)
                : all(managed, ConnectionTransactions.used((ConnectionTransactions.Mark) mark, managed));
    }

    /** Whether a JTA transaction is active on this thread. */
    public boolean inJta() {
        for (WeakReference<OpenTransactions> framework : frameworks) {
            if (framework.get() instanceof JtaTransactions jta
                    && !jta.ofThread().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean hasSetAside() {
        for (WeakReference<OpenTransactions> framework : frameworks) {
            if (framework.get() instanceof SpringTransactions spring && spring.hasSetAside()) {
                return true;
            }
        }
        return false;
    }

    private List<? extends OpenTransaction> ofFrameworks() {
        List<? extends OpenTransaction> open = List.of();
        if (!frameworks.isEmpty()) {
            for (WeakReference<OpenTransactions> framework : frameworks) {
                OpenTransactions known = framework.get();
                open = known == null ? open : all(open, known.ofThread());
            }
        }
        return open;
    }

    private static List<? extends OpenTransaction> all(
            List<? extends OpenTransaction> some, List<? extends OpenTransaction> more) {
        if (some.isEmpty() || more.isEmpty()) {
            return some.isEmpty() ? more : some;
        }
        List<OpenTransaction> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
