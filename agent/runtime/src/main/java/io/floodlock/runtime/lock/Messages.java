package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.Locale;

/** What callers are told. */
final class Messages {

    private Messages() {}

    static FloodlockFailure timeout(LockRequest request, String site, long waitedMillis, Holder holder) {
        String what =
                "the " + request.mode().name().toLowerCase(Locale.ROOT) + " lock '" + request.name() + "' at " + site;
        String by = holder == null ? "others wait before it" : "it is " + holder;
        return Failure.LOCK_TIMEOUT.because(
                waitedMillis < 0
                        ? "Refused " + what + ": " + by
                        : "Waited " + waitedMillis + " ms for " + what + ": " + by
                                + ". The call may be repeated; waitTime sets how long it waits.");
    }

    static FloodlockFailure interrupted(LockRequest request, String site) {
        return Failure.LOCK_INTERRUPTED.because(
                "Interrupted while waiting for the lock '" + request.name() + "' at " + site + "; nothing is held");
    }

    static FloodlockFailure upgrade(String name, String site) {
        return Failure.LOCK_UPGRADE.because(
                "The exclusive lock '" + name + "' is wanted at " + site
                        + " where the thread holds it shared. It would wait for itself: take it exclusively in the outer method.");
    }

    static FloodlockFailure lost(String name) {
        return Failure.LOCK_LOST.because(
                "The lock '" + name + "' is lost: its lease ended before the method did, so another"
                        + " JVM may hold it. Causes: the JVM stood still or could not reach Redis for longer than floodlock.lease,"
                        + " or Redis lost its data.");
    }

    static FloodlockFailure closing() {
        return Failure.UNAVAILABLE.because("Floodlock is shutting down and takes no more locks");
    }
}
