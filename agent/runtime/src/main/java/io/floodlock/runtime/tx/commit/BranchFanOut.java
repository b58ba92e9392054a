package io.floodlock.runtime.tx.commit;

import io.floodlock.runtime.tx.transaction.Branch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes one step of a commit or rollback on several branches at the same time. Every branch's step is taken exactly
 * once, and has ended when {@link #take} returns or throws, whatever fails. The executor may refuse a step, for example
 * at its limit of threads, or begin it late; then the calling thread takes the step itself. {@link Completion} calls
 * it. Thread-safe.
 */
final class BranchFanOut {

    private final Executor parallel;

    BranchFanOut(Executor parallel) {
        this.parallel = parallel;
    }

    interface Step {
        void take(Branch branch);
    }

    /**
     * Returns once every step has ended; then throws the first failure in the order of the branches, if there is one.
     */
    void take(List<Branch> branches, Step step) {
        List<Turn> turns = new ArrayList<>(branches.size());
        for (Branch branch : branches) {
            turns.add(new Turn(branch, step));
        }
        for (int i = 1; i < turns.size(); i++) {
            offer(turns.get(i));
        }
        for (Turn turn : turns) {
            turn.run();
        }
        boolean interrupted = false;
        for (Turn turn : turns) {
            interrupted |= turn.awaitEnd();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Turn turn : turns) {
            turn.throwFailure();
        }
    }

    private void offer(Turn turn) {
        try {
            parallel.execute(turn);
        } catch (RuntimeException | Error e) {
            // refused, or no thread could be made: this thread takes the step, unless the executor has begun it all the
            // same
        }
    }

    /** One branch's step. */
    private static final class Turn implements Runnable {

        private final Branch branch;
        private final Step step;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);

        /** Written before {@link #ended} is counted down. */
        private Throwable failure;

        Turn(Branch branch, Step step) {
            this.branch = branch;
            this.step = step;
        }

        @Override
        public void run() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            try {
                step.take(branch);
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                ended.countDown();
            }
        }

        /** @return whether this thread was interrupted meanwhile */
        boolean awaitEnd() {
            boolean interrupted = false;
            while (true) {
                try {
                    ended.await();
                    return interrupted;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }

        void throwFailure() {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }
}
