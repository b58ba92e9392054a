package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The application's own transactions, as a test says that they are. */
final class ScriptedTransactions implements OpenTransactions {

    private final ThreadLocal<List<One>> here = ThreadLocal.withInitial(ArrayList::new);

    /** If not null, whether any is open can't be told. */
    volatile RuntimeException untold;

    /** Begins one on this thread. */
    One begin() {
        One begun = new One();
        enter(begun);
        return begun;
    }

    /** This thread's statements run in it too. */
    void enter(One transaction) {
        here.get().add(transaction);
    }

    /** It is set aside: this thread's statements don't run in it. */
    void setAside(One transaction) {
        here.get().remove(transaction);
    }

    @Override
    public List<One> ofThread() {
        if (untold != null) {
            throw untold;
        }
        here.get().removeIf(each -> !each.open());
        return List.copyOf(here.get());
    }

    static final class One implements OpenTransaction {

        private final List<Keeper> keepers = new CopyOnWriteArrayList<>();
        private volatile boolean open = true;
        private RuntimeException silent;

        /** It will not tell of its end. */
        One silent() {
            silent = new IllegalStateException("not told");
            return this;
        }

        @Override
        public boolean open() {
            return open;
        }

        @Override
        public void onEnd(Keeper keeper) {
            if (silent != null) {
                throw silent;
            }
            keepers.add(keeper);
        }

        void beforeCommit() {
            keepers.forEach(Keeper::verify);
        }

        void end() {
            end(true);
        }

        void end(boolean known) {
            open = false;
            keepers.forEach(keeper -> keeper.ended(known));
        }

        int told() {
            return keepers.size();
        }
    }
}
