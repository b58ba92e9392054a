package io.floodlock.testkit;

/** Turns the interruption of a wait into the exception that the classes of this package throw. */
final class Interrupts {

    private Interrupts() {}

    /** Sets the interrupt flag again for the caller, and returns the exception to throw. */
    static IllegalStateException restored(String doing, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while " + doing, e);
    }
}
