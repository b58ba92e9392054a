package io.floodlock.runtime.boundary;

import io.floodlock.runtime.jdbc.LocalTransaction;
import io.floodlock.runtime.jdbc.driver.JdbcModule;
import io.floodlock.runtime.lock.OpenTransaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds this thread's transactions on plain JDBC connections, also on those that a framework uses, or those of them
 * that have begun or run a statement since a {@link Mark}. {@link ApplicationTransactions} calls it. Thread-safe.
 */
final class ConnectionTransactions {

    private ConnectionTransactions() {}

    /** @param around the frameworks' transactions that are open on this thread */
    static List<OpenTransaction> ofThread(List<? extends OpenTransaction> around) {
        return used(null, around);
    }

    private static List<LocalTransaction> open() {
        return JdbcModule.isPresent() ? LocalTransaction.ofThread() : List.of();
    }

    /** The transactions of this thread in which the code that runs on it now may work. */
    static List<LocalTransaction> notSetAside() {
        return open().stream().filter(each -> !each.isSetAside()).toList();
    }

    /** Marks the present state of this thread's transactions; null where there are none. */
    static Mark mark() {
        List<LocalTransaction> open = open();
        return open.isEmpty() ? null : new Mark(open);
    }

    /** The transactions in which a statement has run since the mark, or that have begun since. */
    static List<OpenTransaction> used(Mark since, List<? extends OpenTransaction> around) {
        List<LocalTransaction> open = open();
        if (open.isEmpty()) {
            return List.of();
        }
        boolean ended = around.stream().anyMatch(OpenTransaction::endsConnections);
        List<OpenTransaction> used = new ArrayList<>(open.size());
        for (LocalTransaction each : open) {
            if (since == null || since.hasBeenUsed(each)) {
                used.add(new OnConnection(each, ended));
            }
        }
        return used;
    }

    /** The number of uses of each transaction at one time. */
    static final class Mark {

        private final List<LocalTransaction> open;
        private final int[] uses;

        private Mark(List<LocalTransaction> open) {
            this.open = open;
            this.uses = new int[open.size()];
            for (int i = 0; i < uses.length; i++) {
                uses[i] = open.get(i).uses();
            }
        }

        private boolean hasBeenUsed(LocalTransaction transaction) {
            int at = open.indexOf(transaction);
            return at < 0 || uses[at] != transaction.uses();
        }
    }

    /**
     * The commit of a connection asks the guard, so it need not ask the keeper again.
     *
     * @param managed whether a framework's transaction ends it. Then closing the connection does not end its work; the
     *     framework's transaction has the outcome
     */
    private record OnConnection(LocalTransaction transaction, boolean managed) implements OpenTransaction {

        @Override
        public boolean open() {
            return transaction.open();
        }

        @Override
        public boolean hasConnection() {
            return true;
        }

        @Override
        public boolean hasWorked() {
            return transaction.dirty();
        }

        @Override
        public boolean keepsSnapshot() {
            return transaction.keepsSnapshot();
        }

        @Override
        public void onEnd(Keeper keeper) {
            transaction.onEnd(outcome -> keeper.ended(managed || outcome != LocalTransaction.Outcome.UNKNOWN));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OnConnection same && transaction == same.transaction;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(transaction);
        }

        @Override
        public String toString() {
            return "the transaction of a JDBC connection";
        }
    }
}
