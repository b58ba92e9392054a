package io.floodlock.examples.chaos.worker;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Passes checked exceptions through completion stages. */
final class Unchecked {

    private Unchecked() {}

    static void run(Locking.Body body) {
        try {
            body.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** Waits for the stage, and throws the exception with which it failed. */
    static void await(CompletionStage<Void> stage) throws Exception {
        try {
            stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }
}
