package io.floodlock.runtime.tx;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Takes one step of a commit or rollback on several branches at once. */
final class EachBranch {

    private final Executor parallel;

    EachBranch(Executor parallel) {
        this.parallel = parallel;
    }

    interface Step {
        void take(Branch branch);
    }

    /** On this thread, the others beside it; waits for all. The first failure is thrown, as a step's own kind. */
    void take(List<Branch> branches, Step step) {
        List<CompletableFuture<Void>> beside = new ArrayList<>();
        for (Branch branch : branches.subList(Math.min(1, branches.size()), branches.size())) {
            beside.add(CompletableFuture.runAsync(() -> step.take(branch), parallel));
        }
        FloodlockFailure failure = null;
        try {
            if (!branches.isEmpty()) {
                step.take(branches.get(0));
            }
        } catch (FloodlockFailure e) {
            failure = e;
        }
        for (CompletableFuture<Void> one : beside) {
            try {
                one.join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof FloodlockFailure told)) {
                    throw e;
                }
                failure = failure == null ? told : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
