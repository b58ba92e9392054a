package io.floodlock.testkit;

final class Interrupts {

    private Interrupts() {}

    /** Keeps the interrupt for the caller and gives the exception to throw. */
    static IllegalStateException restored(String doing, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while " + doing, e);
    }
}
