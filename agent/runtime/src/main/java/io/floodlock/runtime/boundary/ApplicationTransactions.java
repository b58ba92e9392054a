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

/** The application's own transactions, by all that tell of them. Thread-safe. */
public final class ApplicationTransactions implements OpenTransactions {

    /*
     * A framework's transaction and that of its connection are told of apart, and a key is kept until both have ended:
     * neither can stand in for the other. A framework may not have asked for its connection yet (Hibernate does so at
     * the first flush), and connections are used without any framework.
     *
     * Which of them keep the keys of a scope that is closed:
     *   no framework is in a transaction   every connection's that is open on this thread, used in the scope or not:
     *                                      whoever holds it may have changed in memory what a commit will write
     *   one is                             that one, and the connections' in which a statement has run in the scope.
     *                                      Another connection's may be that of a transaction set aside for a new one,
     *                                      and has no part in what the new one does
     *   none is, as one was set aside      those connections' only, for the same reason
     */

    /** Each lives as long as the class that tells, so that an undeployed application can go. */
    private final List<WeakReference<OpenTransactions>> frameworks = new CopyOnWriteArrayList<>();

    /**
     * What that copy of Spring knows, asked from now on for as long as somebody else holds the answer.
     *
     * @param caller of one of its classes that know transactions
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

    /** From now on asks this one too, for as long as somebody else holds it. */
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

    /** Whether a transaction of JTA's is active on this thread. */
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
