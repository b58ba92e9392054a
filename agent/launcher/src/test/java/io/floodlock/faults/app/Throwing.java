package io.floodlock.faults.app;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Bodies that throw, and what then reaches the caller. */
public final class Throwing {

    private Throwing() {}

    static final class OwnChecked extends Exception {
        private static final long serialVersionUID = 1L;

        OwnChecked(String message) {
            super(message);
        }
    }

    static final class OwnUnchecked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OwnUnchecked(String message) {
            super(message);
        }
    }

    private interface Body {
        void run(Throwable thrown) throws Throwable;
    }

    static String locked() {
        return each(Throwing::lockedBody);
    }

    @PessimisticLock(key = "throwing")
    private static void lockedBody(Throwable thrown) throws Throwable {
        throw thrown;
    }

    static String shared() {
        return each(Throwing::sharedBody);
    }

    @SharedLock(key = "throwing")
    private static void sharedBody(Throwable thrown) throws Throwable {
        throw thrown;
    }

    static String transaction() {
        return each(Throwing::transactionBody);
    }

    @DistributedTx
    private static void transactionBody(Throwable thrown) throws Throwable {
        Databases.write("one", thrown.getMessage());
        Databases.write("two", thrown.getMessage());
        throw thrown;
    }

    static String all() {
        return each(Throwing::allBody);
    }

    @SharedLock(key = "all-shared")
    @PessimisticLock(key = "all")
    @DistributedTx(rollbackFor = Throwable.class)
    private static void allBody(Throwable thrown) throws Throwable {
        Databases.write("one", thrown.getMessage());
        throw thrown;
    }

    /** Empty if each reached the caller as the same object, with nothing added. */
    private static String each(Body body) {
        StringBuilder wrong = new StringBuilder();
        for (Throwable thrown : new Throwable[] {
            new OwnChecked("checked"), new OwnUnchecked("unchecked"), new AssertionError("error"), new IOException("io")
        }) {
            try {
                body.run(thrown);
                wrong.append(thrown).append(" was swallowed; ");
            } catch (Throwable caught) {
                if (caught != thrown) {
                    wrong.append(thrown).append(" became ").append(caught).append("; ");
                }
                for (Throwable suppressed : caught.getSuppressed()) {
                    wrong.append(thrown).append(" got ").append(suppressed).append("; ");
                }
            }
        }
        return wrong.toString();
    }

    /** What the future of a queued call ends with. */
    static String queued(String what) throws Exception {
        try {
            return "returned " + queuedBody(what).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return cause.getClass().getName() + ": " + cause.getMessage();
        }
    }

    @Queued(queue = "throwing", attempts = 1)
    private static CompletableFuture<String> queuedBody(String what) throws IOException {
        switch (what) {
            case "declared" -> throw new IOException("no such page");
            case "unchecked" -> throw new IllegalArgumentException("no such colour");
            case "own" -> throw new OwnUnchecked("no such thing");
            default -> {
                return CompletableFuture.completedFuture(what);
            }
        }
    }
}
